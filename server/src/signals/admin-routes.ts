import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { streamHealthSchema, streamPauseSchema } from '@postern/shared/protocol/signal';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { readHealth } from './health.ts';
import { holdStream, testStream } from './stream-status.ts';

/** What admins see of streams; whoever receives manages them. */
export function adminRoutes(deps: Pick<Deps, 'store' | 'random'> & { hasNew(stream: string): void }): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/streams',
      summary: 'List the streams of signals, and how their receivers keep up',
      audience: 'person',
      roles: ['admin', 'auditor'],
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(streamHealthSchema) }) },
      errors: [],
      async handle({ now }) {
        return { status: 200, body: { items: await readHealth(deps, now) } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/streams/{id}/test',
      summary: 'Send a verification event on a stream',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('stream') }),
      replies: { 202: null },
      errors: ['not_found', 'stream_disabled', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        await testStream(deps, id, { kind: 'person', id: asPerson(caller).id }, now);
        deps.hasNew(id);
        return { status: 202 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/streams/{id}/pause',
      summary: 'Hold a stream back: what happens is kept for its receiver, and told when it goes on',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('stream') }),
      body: { type: 'json', schema: streamPauseSchema },
      replies: { 204: null },
      errors: ['not_found', 'stream_disabled', 'conflict'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        const by = { kind: 'person', id: asPerson(caller).id } as const;
        await holdStream(deps, id, { status: 'paused', reason }, by, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/streams/{id}/resume',
      summary: 'Let a stream that was held back go on',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('stream') }),
      replies: { 204: null },
      errors: ['not_found', 'stream_disabled', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        const by = { kind: 'person', id: asPerson(caller).id } as const;
        await holdStream(deps, id, { status: 'enabled', reason: null }, by, now);
        deps.hasNew(id);
        return { status: 204 };
      },
    }),
  ];
}
