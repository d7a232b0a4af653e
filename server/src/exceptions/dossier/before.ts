import { type RawBuilder, type SelectQueryBuilder, sql, type SqlBool } from 'kysely';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { day, type Instant, second } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { viewInOrder } from '../lists/list.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import type { Database } from '../../storage/database.ts';
import { likeness } from '../plan/likeness.ts';
import { briefOf, howTheyEnded } from './how-they-ended.ts';

type BeforeDeps = Pick<Deps, 'store' | 'policies'>;

const shown = 5;
/** More say nothing more. */
const most = 1000;
const looks = 5000;

/** What somebody asked for in the last year, this request not counted. */
export async function readHistoryOf(
  deps: BeforeDeps,
  { id, personId }: ExceptionRecord,
  now: Instant,
): Promise<ExceptionEvidence['history']> {
  const theirs = deps.store.read
    .selectFrom('exceptions')
    .selectAll()
    .where('person_id', '=', personId)
    .where('requested_at', '>', now - 365 * day);
  const rows = await requestsOf(deps, theirs, id, sql<SqlBool>`1 = 1`);
  return { counts: howTheyEnded(rows), latest: await latest(deps, rows, now) };
}

/** What anybody asked for about one of the same rules or the same resource in the last 90 days, this request not counted. */
export async function readSimilar(
  deps: BeforeDeps,
  record: ExceptionRecord,
  now: Instant,
): Promise<ExceptionEvidence['similar']> {
  // A rare rule is no reason to read all that there ever was.
  const recent = deps.store.read
    .selectFrom('exceptions')
    .selectAll()
    .where('kind', '=', record.kind)
    .where('requested_at', '>', now - 90 * day)
    .orderBy('requested_at', 'desc')
    .limit(looks);
  const rows = await requestsOf(deps, recent, record.id, likeness(record));
  const approved = rows.filter((row) => row.byPeople).map(({ durationMs }) => durationMs);
  const sorted = approved.toSorted((left, right) => left - right);
  const usual = sorted[Math.floor((sorted.length - 1) / 2)];
  return {
    counts: howTheyEnded(rows),
    usualSeconds: usual === undefined ? null : Math.floor(usual / second),
    latest: await latest(
      deps,
      rows.filter(({ state }) => state !== 'pending'),
      now,
    ),
  };
}

async function requestsOf(
  { store }: BeforeDeps,
  among: SelectQueryBuilder<Database, 'exceptions', Database['exceptions']>,
  except: string,
  which: RawBuilder<SqlBool>,
) {
  const rows = await store.read
    .selectFrom(among.as('exceptions'))
    .select(['id', 'state', 'approved_at', 'duration_ms'])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom('exception_decisions as vote')
            .select('vote.actor_id')
            .whereRef('vote.exception_id', '=', 'exceptions.id')
            .where('vote.verdict', '=', 'approve'),
        )
        .as('by_people'),
    )
    .where('id', '<>', except)
    .where(which)
    .orderBy('requested_at', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    approvedAt: row.approved_at,
    byPeople: row.approved_at !== null && Boolean(row.by_people),
    durationMs: row.duration_ms,
  }));
}

async function latest(deps: BeforeDeps, rows: readonly { id: string }[], now: Instant) {
  const ids = rows.slice(0, shown).map(({ id }) => id);
  return (await viewInOrder(deps, ids, now)).map(briefOf);
}
