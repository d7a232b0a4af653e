import type { Id } from '@postern/shared/ids';
import type { NoticeType, NoticeView } from '@postern/shared/protocol/notice';
import { day, type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteAny, updateAny } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import type { Message } from './message.ts';

type Read = Deps['store']['read'];

/** What has gone through is kept so long: it holds what people wrote, and an erasure in the audit does not reach it. */
const keepNoticesMs = 90 * day;
const keepDeliveriesMs = 30 * day;
const shownOnDevice = 20;
/** So many of a person's are looked through for those about a device. */
const lookedThrough = 200;

/** A person's notices, newest first. */
export async function listNotices(
  read: Read,
  filter: { personId: string; unread?: boolean | undefined; after?: string | undefined; limit: number },
): Promise<{ items: NoticeView[]; next: string | null }> {
  let query = read
    .selectFrom('notices')
    .selectAll()
    .where('person_id', '=', filter.personId)
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (filter.unread === true) query = query.where('read_at', 'is', null);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit).map((row) => view(row, messageOf(row)));
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null };
}

/** What a device shows its owner: their latest about it or about themselves, none of what they hear of as an approver. */
export async function deviceNotices(
  read: Read,
  { deviceId, ownerId }: { deviceId: string; ownerId: string },
): Promise<NoticeView[]> {
  const rows = await read
    .selectFrom('notices')
    .selectAll()
    .where('person_id', '=', ownerId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(lookedThrough)
    .execute();
  return rows
    .map((row) => ({ row, message: messageOf(row) }))
    .filter(({ message }) => message.device === deviceId || message.person === ownerId)
    .slice(0, shownOnDevice)
    .map(({ row, message }) => view(row, message));
}

/** How many of a person's notices are unread: up to a hundred, more is no other number to anybody. */
export async function countUnread(read: Read, personId: string): Promise<number> {
  const unread = read
    .selectFrom('notices')
    .select('id')
    .where('person_id', '=', personId)
    .where('read_at', 'is', null)
    .limit(100);
  const { count } = await read
    .selectFrom(unread.as('unread'))
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Marks notices of a person as read. Others stay as they are, and nobody learns whether there are any. */
export async function markRead(
  { store }: Pick<Deps, 'store'>,
  personId: string,
  ids: readonly string[],
  now: Instant,
): Promise<void> {
  await store.commit({
    changes: [...new Set(ids)].map((id) =>
      updateAny('notices', { id, person_id: personId, read_at: null }, { read_at: now }),
    ),
    audit: [],
  });
}

/** Forgets notices and deliveries that are old. */
export async function forgetMessages({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const old = { done_at: { lte: now - keepDeliveriesMs } };
  await store.commit({
    changes: [
      deleteAny('notices', { at: { lte: now - keepNoticesMs } }),
      deleteAny('deliveries', { state: 'done', ...old }),
      deleteAny('deliveries', { state: 'failed', ...old }),
    ],
    audit: [],
  });
}

function messageOf({ body }: Pick<Database['notices'], 'body'>): Message {
  return JSON.parse(body) as Message;
}

function view(row: Database['notices'], { title, facts, text }: Message): NoticeView {
  return {
    id: row.id as Id<'notice'>,
    type: row.type as NoticeType,
    at: toTimestamp(row.at),
    title,
    facts: [...facts],
    text,
    subject: row.subject_id,
    readAt: toTimestampOrNull(row.read_at),
  };
}
