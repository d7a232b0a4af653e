import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { readerRoles, pageQuerySchema, pageSchema } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import {
  newPolicyReplaySchema,
  policyReplaySchema,
  replayedDeviceSchema,
  replayedDevicesQuerySchema,
} from '@postern/shared/protocol/policy-replay';
import { asPerson, type Caller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import type { Store } from '../storage/store.ts';
import type { Replays } from './replays.ts';
import { listReplayedDevices, listReplays, readReplay } from './views.ts';

export interface ReplayRouteDeps {
  store: Store;
  replays: Replays;
}

const params = z.strictObject({ id: idSchema('policyReplay') });

/** All endpoints of this capability. */
export function replayRoutes(deps: ReplayRouteDeps): AnyRoute[] {
  return [start(deps), list(deps), show(deps), devices(deps), cancel(deps)];
}

function actorOf(caller: Caller) {
  return { kind: 'person', id: asPerson(caller).id } as const;
}

function start({ store, replays }: ReplayRouteDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/policy-replays',
    summary: 'Find out what a policy document would change for the fleet as it reported last, without publishing it',
    audience: 'person',
    roles: ['admin'],
    rate: 'admin',
    // The longest document, in UTF-8 and escaped as JSON.
    body: { type: 'json', schema: newPolicyReplaySchema, maxBytes: 256 * 1024 },
    replies: { 202: policyReplaySchema },
    errors: ['policy_invalid', 'not_found', 'replay_running'],
    async handle({ body, caller, now }) {
      const document = body.document ?? (await draftText(store.read, body.draft ?? ''));
      const { id } = await replays.start(document, actorOf(caller), now);
      return { status: 202, body: await readReplay(store.read, id) };
    },
  });
}

async function draftText(read: Store['read'], id: string): Promise<string> {
  const row = await read.selectFrom('policy_drafts').select('document').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return row.document;
}

function list({ store }: ReplayRouteDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policy-replays',
    summary: 'The replays that are kept, newest first',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    query: pageQuerySchema,
    replies: { 200: pageSchema(policyReplaySchema) },
    errors: [],
    handle: async ({ query }) => ({ status: 200, body: await listReplays(store.read, query) }),
  });
}

function show({ store }: ReplayRouteDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policy-replays/{id}',
    summary: 'How far a replay is, and what it found',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    params,
    replies: { 200: policyReplaySchema },
    errors: ['not_found'],
    handle: async ({ params: { id } }) => ({ status: 200, body: await readReplay(store.read, id) }),
  });
}

function devices({ store }: ReplayRouteDeps): AnyRoute {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/policy-replays/{id}/devices',
    summary: 'The devices for which something would change, with what, when and why',
    audience: 'person',
    roles: readerRoles,
    rate: 'admin',
    params,
    query: replayedDevicesQuerySchema,
    replies: { 200: pageSchema(replayedDeviceSchema) },
    errors: ['not_found'],
    async handle({ params: { id }, query }) {
      await readReplay(store.read, id);
      return { status: 200, body: await listReplayedDevices(store.read, id, query) };
    },
  });
}

function cancel({ store, replays }: ReplayRouteDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/v1/admin/policy-replays/{id}/cancel',
    summary: 'Stop a replay that runs',
    audience: 'person',
    roles: ['admin'],
    rate: 'admin',
    params,
    replies: { 200: policyReplaySchema },
    errors: ['not_found', 'replay_ended'],
    async handle({ params: { id }, caller, now }) {
      await replays.cancel(id, actorOf(caller), now);
      return { status: 200, body: await readReplay(store.read, id) };
    },
  });
}
