import { sql } from 'kysely';
import { day, type Instant } from '@postern/shared/time';
import type { Config } from '../config.ts';
import { deleteAny } from '../storage/change.ts';
import type { Store } from '../storage/store.ts';

/** Tokens are kept beyond their end for questions of the day after; the audit remembers them for good. */
const keepTokensMs = 7 * day;
/** How people signed in is in the audit too; the rows are of use to nobody after their end. */
const keepSignInsMs = 30 * day;
/** Bounds how long one unit holds up the others. */
const batch = 1000;
/** Of these one in a few has expired, as this runs more often than replays last. */
const replaysAtOnce = 4000;

/**
 * Deletes what no decision reads any more: replays of proofs that are too old anyway, tokens long expired, signing keys
 * that left the key set, sessions and sign-in links that ended long ago. For a background job; safe on several nodes at once.
 *
 * @returns how many units it took
 */
export async function cleanUp(
  { store, config }: { store: Store; config: Pick<Config, 'keepAccessLogMs'> },
  now: Instant,
): Promise<number> {
  let units = 1;
  await store.commit({ changes: [deleteAny('signing_keys', { removed_at: { lte: now } })], audit: [] });
  units += await forgetReplays(store, now);
  const keepGrantedMs = Math.max(keepTokensMs, config.keepAccessLogMs);
  for (const [table, until, granted] of [
    // Those that were issued under temporary access are the log of who was where; the others tell nobody anything.
    ['access_tokens', now - keepTokensMs, false],
    ['access_tokens', now - keepGrantedMs, true],
    ['sessions', now - keepSignInsMs],
    ['sign_in_links', now - keepSignInsMs],
  ] as const) {
    for (
      let bound = await endOfBatch(store, table, until, granted === false);
      bound !== undefined;
      bound = await endOfBatch(store, table, until, granted === false)
    ) {
      const ended = { expires_at: { lte: bound } };
      const change =
        granted === false ? deleteAny('access_tokens', { ...ended, grant_id: null }) : deleteAny(table, ended);
      await store.commit({ changes: [change], audit: [] });
      units += 1;
    }
  }
  return units;
}

/**
 * Goes through all replays in the order of their keys, and not of their ends: in that order each deleted row was on a
 * page of its own, and that and the index for it took 9 µs a row. This takes 2, looking through five that stay included.
 */
async function forgetReplays(store: Store, now: Instant): Promise<number> {
  let units = 0;
  for (let after = ''; ;) {
    const { last, oldest } = await store.read
      .selectFrom(
        store.read
          .selectFrom('replays')
          .select(['key', 'expires_at'])
          .where('key', '>', after)
          .orderBy('key')
          .limit(replaysAtOnce)
          .as('portion'),
      )
      .select(({ fn }) => [fn.max('portion.key').as('last'), fn.min('portion.expires_at').as('oldest')])
      .executeTakeFirstOrThrow();
    // The columns of no row at all are null, whatever the table says of them.
    if ((last as string | null) === null) return units;
    if (oldest <= now) {
      const change = deleteAny('replays', { key: { gt: after, lte: last }, expires_at: { lte: now } });
      await store.commit({ changes: [change], audit: [] });
      units += 1;
    }
    after = last;
  }
}

/** Up to when to delete, so that it is about one batch; undefined when nothing has expired. */
async function endOfBatch(
  store: Store,
  table: 'access_tokens' | 'sessions' | 'sign_in_links',
  until: Instant,
  withoutGrant: boolean,
): Promise<Instant | undefined> {
  let expired = store.read.selectFrom(table).select('expires_at').where('expires_at', '<=', until);
  if (withoutGrant) expired = expired.where(sql.ref('grant_id'), 'is', null);
  const row = await store.read
    .selectFrom(expired.orderBy('expires_at').limit(batch).as('expired'))
    .select((select) => select.fn.max('expired.expires_at').as('bound'))
    .executeTakeFirst();
  return row?.bound ?? undefined;
}
