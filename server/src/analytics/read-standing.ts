import { own } from '@postern/shared/own';
import { sql } from 'kysely';
import type { Instant } from '@postern/shared/time';
import type { Pause } from '../kept.ts';
import type { FailingSince } from '../policy/index.ts';
import type { RequestFact } from './facts.ts';
import { chunks, type Read } from './read-requests.ts';
import { mayBeUnused, type RuleTally } from './reports/standing.ts';

const devicesAtOnce = 500;
/** For each the log of its device may have to be searched. */
const exceptionsAtOnce = 10;

/**
 * Counts by rule the active devices that do not pass it while it counts, and those of them that are excepted from it. Page
 * by page along the key: readings are large, and the fleet is as well.
 */
export async function readRuleTallies(
  read: Read,
  excepted: ReadonlyMap<string, ReadonlySet<string>>,
  pause: Pause,
): Promise<Map<string, RuleTally>> {
  const tallies = new Map<string, RuleTally>();
  for (let after = ''; ;) {
    const rows = await read
      .selectFrom('devices')
      .leftJoin('postures', (join) =>
        join.onRef('postures.device_id', '=', 'devices.id').on('postures.failing_since', '<>', '{}'),
      )
      .select(['devices.id', 'devices.state', 'postures.failing_since'])
      .where('devices.id', '>', after)
      .orderBy('devices.id')
      .limit(devicesAtOnce)
      .execute();
    for (const { id, state, failing_since: failing } of rows) {
      if (failing !== null && state === 'active') count(tallies, id, failing, excepted);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < devicesAtOnce) return tallies;
    after = last.id;
    await pause();
  }
}

function count(
  tallies: Map<string, RuleTally>,
  deviceId: string,
  failing: string,
  excepted: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const since = JSON.parse(failing) as FailingSince;
  for (const rule of Object.keys(since)) {
    // What was never more than watched stands in nobody's way.
    if (own(since, rule)?.countedSince === null) continue;
    const tally = tallies.get(rule) ?? { failing: 0, excepted: 0 };
    tally.failing += 1;
    if (excepted.get(rule)?.has(deviceId) === true) tally.excepted += 1;
    tallies.set(rule, tally);
  }
}

/** Those of the exceptions in force long enough that a token was issued under. Tokens are kept for days only, their entries for good. */
export async function readUsed(
  read: Read,
  requests: readonly RequestFact[],
  now: Instant,
  pause: Pause,
): Promise<Set<string>> {
  const used = new Set<string>();
  for await (const some of chunks(mayBeUnused(requests, now), exceptionsAtOnce, pause)) {
    const rows = await read
      .selectFrom('exceptions')
      .select('exceptions.id')
      .where(
        'exceptions.id',
        'in',
        some.map(({ id }) => id),
      )
      .where((where) =>
        where.or([
          where.exists(
            where
              .selectFrom('access_tokens as token')
              .select('token.id')
              .whereRef('token.device_id', '=', 'exceptions.device_id')
              // As the index on the device has it: tokens that leaned on nothing are not in it.
              .where('token.exceptions', '<>', sql.lit('[]'))
              .where(
                sql<boolean>`(token.grant_id = exceptions.id or token.exceptions like '%' || exceptions.id || '%')`,
              ),
          ),
          where.exists(
            where
              .selectFrom('audit')
              .select('audit.seq')
              .whereRef('audit.actor_id', '=', 'exceptions.device_id')
              // Not by the index on types: of one device there are thousands of entries, of tokens millions.
              .where(sql<boolean>`audit.type || '' = 'token.issued'`)
              .where(sql<boolean>`audit.at >= exceptions.requested_at`)
              .where(sql<boolean>`audit.entry like '%' || exceptions.id || '%'`),
          ),
        ]),
      )
      .execute();
    for (const { id } of rows) used.add(id);
  }
  return used;
}
