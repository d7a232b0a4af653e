import { z } from 'zod';
import {
  newStreamSchema,
  type StreamConfiguration,
  streamChangeSchema,
  streamConfigurationSchema,
  streamQuerySchema,
  streamsQuerySchema,
  streamStatusChangeSchema,
  streamStatusSchema,
  verificationSchema,
} from '@postern/shared/protocol/signal';
import { asGateway } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { askVerification, setStatus } from './stream-status.ts';
import { changeStream, createStream, findStream, readStream, removeStream, type StreamDeps } from './streams.ts';
import { streamConfiguration, streamStatus } from './stream-view.ts';

export type StreamRouteDeps = StreamDeps & {
  /** Something was put into this stream, or may go out now. */
  hasNew(stream: string): void;
};

/** Of who comes with an access token. */
export const scopeErrors = ['scope_insufficient'] as const;

const forGateways = { audience: 'gateway', rate: 'gateway' } as const;

/** The management API for event streams (SSF section 8). A gateway has one stream at most, and sees no other. */
export function streamRoutes(deps: StreamRouteDeps): AnyRoute[] {
  return [...configurationRoutes(deps), ...statusRoutes(deps), verificationRoute(deps)];
}

function configurationRoutes(deps: StreamRouteDeps): AnyRoute[] {
  const path = '/ssf/streams';
  const change = (method: 'PATCH' | 'PUT', how: 'update' | 'replace', summary: string) =>
    defineRoute({
      ...forGateways,
      method,
      path,
      summary,
      body: { type: 'json', schema: streamChangeSchema },
      replies: { 200: streamConfigurationSchema },
      errors: [...scopeErrors, 'not_found', 'stream_address_refused', 'conflict'],
      async handle({ body, caller, now }) {
        const changed = await changeStream(deps, asGateway(caller).id, body, how, now);
        deps.hasNew(changed.stream_id);
        return { status: 200, body: changed };
      },
    });
  return [
    defineRoute({
      ...forGateways,
      method: 'POST',
      path,
      summary: 'Make a stream of signals for this gateway: pushed to an address, or polled',
      body: { type: 'json', schema: newStreamSchema },
      replies: { 201: streamConfigurationSchema },
      errors: [...scopeErrors, 'stream_exists', 'stream_address_refused', 'conflict'],
      async handle({ body, caller, now }) {
        return { status: 201, body: await createStream(deps, asGateway(caller).id, body, now) };
      },
    }),
    defineRoute({
      ...forGateways,
      method: 'GET',
      path,
      summary: 'Read a stream, or without its id the list of all of this gateway',
      query: streamsQuerySchema,
      replies: { 200: z.union([streamConfigurationSchema, z.array(streamConfigurationSchema)]) },
      errors: [...scopeErrors, 'not_found'],
      async handle({ query: { stream_id: id }, caller }) {
        const gateway = asGateway(caller).id;
        const shown = (row: Parameters<typeof streamConfiguration>[0]): StreamConfiguration =>
          streamConfiguration(row, deps.config.issuer);
        if (id !== undefined) return { status: 200, body: shown(await readStream(deps, gateway, id)) };
        const row = await findStream(deps, gateway);
        return { status: 200, body: row === undefined ? [] : [shown(row)] };
      },
    }),
    change('PATCH', 'update', 'Change what is given of a stream'),
    change('PUT', 'replace', 'Replace all of a stream that is for the receiver to say'),
    defineRoute({
      ...forGateways,
      method: 'DELETE',
      path,
      summary: 'Remove a stream, with what waits in it',
      query: streamQuerySchema,
      replies: { 204: null },
      errors: [...scopeErrors, 'not_found', 'conflict'],
      async handle({ query, caller, now }) {
        await removeStream(deps, asGateway(caller).id, query.stream_id, now);
        return { status: 204 };
      },
    }),
  ];
}

function statusRoutes(deps: StreamRouteDeps): AnyRoute[] {
  const path = '/ssf/status';
  return [
    defineRoute({
      ...forGateways,
      method: 'GET',
      path,
      summary: 'Read the status of a stream',
      query: streamQuerySchema,
      replies: { 200: streamStatusSchema },
      errors: [...scopeErrors, 'not_found'],
      async handle({ query, caller }) {
        return { status: 200, body: streamStatus(await readStream(deps, asGateway(caller).id, query.stream_id)) };
      },
    }),
    defineRoute({
      ...forGateways,
      method: 'POST',
      path,
      summary: 'Enable, pause or disable a stream; paused it keeps what happens, disabled it does not',
      body: { type: 'json', schema: streamStatusChangeSchema },
      replies: { 200: streamStatusSchema },
      errors: [...scopeErrors, 'not_found', 'conflict'],
      async handle({ body, caller, now }) {
        const status = await setStatus(deps, asGateway(caller).id, body, now);
        deps.hasNew(body.stream_id);
        return { status: 200, body: status };
      },
    }),
  ];
}

function verificationRoute(deps: StreamRouteDeps): AnyRoute {
  return defineRoute({
    ...forGateways,
    method: 'POST',
    path: '/ssf/verify',
    summary: 'Ask for a verification event on a stream',
    body: { type: 'json', schema: verificationSchema },
    replies: { 204: null },
    errors: [...scopeErrors, 'not_found', 'too_many_requests', 'conflict'],
    async handle({ body, caller, now }) {
      await askVerification(deps, asGateway(caller).id, body, now);
      deps.hasNew(body.stream_id);
      return { status: 204 };
    },
  });
}
