import { type Id, toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { NoticeType } from '@postern/shared/protocol/notice';
import type { DeliveryView } from '@postern/shared/protocol/webhook';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import type { Message } from './message.ts';

export type DeliveryRow = Database['deliveries'];

/** A message that is to go to a place, as soon as somebody gets to it. */
export function newDelivery(
  { random }: Pick<Deps, 'random'>,
  {
    eventId,
    channel,
    target,
    message,
  }: { eventId: string; channel: 'webhook' | 'email'; target: string; message: Message },
  now: Instant,
): { id: Id<'delivery'>; change: Change } {
  const id = toId('delivery', random.uuid());
  const change = insert('deliveries', {
    id,
    event_id: eventId,
    type: message.type,
    channel,
    target,
    body: JSON.stringify(message),
    state: 'waiting',
    attempts: 0,
    created_at: now,
    next_at: now,
    claimed_until: 0,
    done_at: null,
    status: null,
    error: null,
  });
  return { id, change };
}

/** Deliveries, newest first: all, to one place, or of one state. */
export async function listDeliveries(
  { store }: Pick<Deps, 'store'>,
  filter: { target?: string | undefined; state?: string | undefined; after?: string | undefined; limit: number },
): Promise<{ items: DeliveryView[]; next: string | null }> {
  let query = store.read
    .selectFrom('deliveries')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (filter.target !== undefined) query = query.where('target', '=', filter.target);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit).map(view);
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * Sends once more what was delivered or has failed, under the id that it had: whoever got it already can tell.
 *
 * @throws Fault not_found, delivery_state, conflict
 */
export async function replayDelivery(
  { store }: Pick<Deps, 'store'>,
  id: string,
  actor: AuditEvent['actor'],
  now: Instant,
): Promise<DeliveryView> {
  const row = await store.read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  if (row.state === 'waiting') throw new Fault('delivery_state');
  const set = {
    state: 'waiting',
    attempts: 0,
    next_at: now,
    claimed_until: 0,
    done_at: null,
    status: null,
    error: null,
  };
  const subject = { kind: 'delivery', id };
  const data = { type: row.type, channel: row.channel, target: row.target };
  try {
    await store.commit({
      changes: [updateOne('deliveries', { id, state: row.state, attempts: row.attempts }, set)],
      audit: [{ at: now, type: 'delivery.replayed', outcome: 'success', actor, subject, data }],
    });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict', { cause: error }) : error;
  }
  return view({ ...row, ...set });
}

function view(row: DeliveryRow): DeliveryView {
  return {
    id: row.id as Id<'delivery'>,
    type: row.type as NoticeType,
    channel: row.channel === 'email' ? 'email' : 'webhook',
    target: row.target,
    state: row.state === 'done' ? 'done' : row.state === 'failed' ? 'failed' : 'waiting',
    attempts: row.attempts,
    createdAt: toTimestamp(row.created_at),
    nextAt: row.state === 'waiting' ? toTimestamp(row.next_at) : null,
    doneAt: toTimestampOrNull(row.done_at),
    status: row.status,
    error: row.error,
  };
}
