import type { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type {
  policyReplaySchema,
  ReplayChange,
  ReplayDetail,
  replayedDeviceSchema,
  ReplaySummary,
} from '@postern/shared/protocol/policy-replay';
import { toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Store } from '../storage/store.ts';

type Read = Store['read'];
type ReplayView = z.input<typeof policyReplaySchema>;

/** Throws Fault not_found. */
export async function readReplay(read: Read, id: string): Promise<ReplayView> {
  const row = await replayQuery(read).where('policy_replays.id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return view(row);
}

/** Newest first. */
export async function listReplays(read: Read, { limit, after }: { limit: number; after?: string | undefined }) {
  let query = replayQuery(read)
    .orderBy('policy_replays.id', 'desc')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('policy_replays.id', '<', after);
  const rows = await query.execute();
  return pageOf(rows.map(view), limit, ({ id }) => id);
}

export async function listReplayedDevices(
  read: Read,
  id: string,
  { limit, after, change }: { limit: number; after?: string | undefined; change?: ReplayChange | undefined },
) {
  let query = read
    .selectFrom('policy_replay_devices as replayed')
    .leftJoin('devices', 'devices.id', 'replayed.device_id')
    .leftJoin('users', 'users.id', 'devices.owner_id')
    .selectAll('replayed')
    .select(['devices.name as device_name', 'users.id as person_id', 'users.name as person_name'])
    .where('replayed.replay_id', '=', id)
    .orderBy('replayed.device_id')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('replayed.device_id', '>', after);
  if (change !== undefined) query = query.where('replayed.change', '=', change);
  const rows = await query.execute();
  const items = rows.map((row): z.input<typeof replayedDeviceSchema> => ({
    device: { id: row.device_id, name: row.device_name ?? '' },
    person: row.person_id === null ? null : { id: row.person_id, name: row.person_name ?? '' },
    change: row.change as ReplayChange,
    blockedAt: toTimestampOrNull(row.blocked_at),
    detail: JSON.parse(row.detail) as ReplayDetail,
  }));
  return pageOf(items, limit, ({ device }) => device.id);
}

function replayQuery(read: Read) {
  return read
    .selectFrom('policy_replays')
    .leftJoin('users', 'users.id', 'policy_replays.started_by')
    .selectAll('policy_replays')
    .select('users.name as starter');
}

type Row = Awaited<ReturnType<ReturnType<typeof replayQuery>['execute']>>[number];

function view(row: Row): ReplayView {
  return {
    id: row.id,
    policy: row.policy,
    documentHash: row.document_hash,
    startedBy: row.starter ?? row.started_by,
    startedAt: toTimestamp(row.started_at),
    finishedAt: toTimestampOrNull(row.finished_at),
    state: row.state as ReplayView['state'],
    devicesTotal: row.devices_total,
    devicesDone: row.devices_done,
    summary: row.summary === null ? null : (JSON.parse(row.summary) as ReplaySummary),
  };
}

function pageOf<Item>(items: readonly Item[], limit: number, cursorOf: (item: Item) => string) {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, next: items.length > limit && last !== undefined ? cursorOf(last) : null };
}
