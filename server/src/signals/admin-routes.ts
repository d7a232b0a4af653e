import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { streamHealthSchema } from '@postern/shared/protocol/signal';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { readHealth } from './health.ts';
import { testStream } from './stream-status.ts';

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
  ];
}
