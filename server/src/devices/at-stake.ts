import type { Kysely } from 'kysely';
import { hour, type Instant } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';

/** Of what a device did lately. One that asks for a dozen resources every few minutes stays below; whatever is above is many. */
const mostEntries = 200;

/**
 * What suspending or retiring a device hits. Tokens are found by the record of their issue: an index on their device would cost
 * every token that is issued.
 */
export async function readAtStake(read: Kysely<Database>, deviceId: string, now: Instant) {
  const [exceptions, entries] = await Promise.all([
    readExceptions(read, deviceId, now),
    readEntries(read, deviceId, now),
  ]);
  const tokens = entries.filter(({ type }) => type === 'token.issued');
  return {
    exceptions: exceptions.filter(({ state }) => state === 'active').length,
    requests: exceptions.filter(({ state }) => state === 'pending').length,
    tokens: tokens.length,
    moreTokens: entries.length === mostEntries,
    liveTokens: tokens.filter((each) => each.revoked_at === null && (each.expires_at ?? 0) > now).length,
  };
}

async function readExceptions(read: Kysely<Database>, deviceId: string, now: Instant) {
  return await read
    .selectFrom('exceptions')
    .select('state')
    .where('device_id', '=', deviceId)
    .where((where) =>
      where.or([
        where.and([
          where('state', '=', 'active'),
          where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]),
        ]),
        where('state', '=', 'pending').and('lapses_at', '>', now),
      ]),
    )
    .execute();
}

async function readEntries(read: Kysely<Database>, deviceId: string, now: Instant) {
  const lately = read
    .selectFrom('audit')
    .select(['type', 'at', 'subject_id'])
    .where('actor_id', '=', deviceId)
    .orderBy('seq', 'desc')
    .limit(mostEntries)
    .as('lately');
  return await read
    .selectFrom(lately)
    .leftJoin('access_tokens', 'access_tokens.id', 'lately.subject_id')
    .select(['lately.type', 'access_tokens.expires_at', 'access_tokens.revoked_at'])
    .where('lately.at', '>', now - hour)
    .execute();
}
