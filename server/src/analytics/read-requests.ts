import { sha256 } from '@postern/shared/digest';
import type { Instant } from '@postern/shared/time';
import { erasedText } from '../audit/index.ts';
import type { Pause } from '../kept.ts';
import type { Database } from '../storage/database.ts';
import type { Store } from '../storage/store.ts';
import { openStates, type RequestFact, type VoteFact } from './facts.ts';

export type Read = Store['read'];

/** Rows a query: requests of devices go between two of them, also where the database answers in this thread. */
const atOnce = 500;

/**
 * Requests made since then, and older ones that are not over.
 *
 * Page by page: a hundred thousand of them are read within seconds, and hold up nobody meanwhile.
 */
export async function readRequests(read: Read, since: Instant, pause: Pause): Promise<RequestFact[]> {
  const facts: RequestFact[] = [];
  for (const kind of ['device', 'access']) {
    for await (const page of pages((place) => after(read, place).where('kind', '=', kind), since, pause))
      facts.push(...page);
  }
  for (const state of openStates) {
    for await (const page of pages(
      (place) => after(read, place).where('state', '=', state).where('requested_at', '<', since),
      0,
      pause,
    ))
      facts.push(...page);
  }
  return facts;
}

/** Where the page before ended. */
interface Place {
  at: Instant;
  id: string;
}

function after(read: Read, { at, id }: Place) {
  return read
    .selectFrom('exceptions')
    .select(['id', 'kind', 'state', 'person_id', 'requested_by', 'device_id', 'rules', 'resources', 'template'])
    .select(['emergency', 'duration_ms', 'plan', 'justification', 'extends_id', 'set_id', 'requested_at', 'lapses_at'])
    .select(['approved_at', 'begins_at', 'expires_at', 'ended_at'])
    .where('requested_at', '>=', at)
    .where((where) => where.or([where('requested_at', '>', at), where('id', '>', id)]))
    .orderBy('requested_at')
    .orderBy('id')
    .limit(atOnce);
}

async function* pages(
  query: (place: Place) => ReturnType<typeof after>,
  since: Instant,
  pause: Pause,
): AsyncGenerator<RequestFact[]> {
  for (let place: Place = { at: since, id: '' }; ;) {
    const rows = await query(place).execute();
    yield rows.map(factOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < atOnce) return;
    place = { at: last.requested_at, id: last.id };
    await pause();
  }
}

type Row = Pick<
  Database['exceptions'],
  | 'id'
  | 'kind'
  | 'state'
  | 'person_id'
  | 'requested_by'
  | 'device_id'
  | 'rules'
  | 'resources'
  | 'template'
  | 'emergency'
  | 'duration_ms'
  | 'plan'
  | 'justification'
  | 'extends_id'
  | 'set_id'
  | 'requested_at'
  | 'lapses_at'
  | 'approved_at'
  | 'begins_at'
  | 'expires_at'
  | 'ended_at'
>;

function factOf(row: Row): RequestFact {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    personId: row.person_id,
    requestedBy: row.requested_by,
    deviceId: row.device_id,
    rules: JSON.parse(row.rules) as string[],
    resources: JSON.parse(row.resources) as string[],
    template: row.template,
    emergency: row.emergency === 1,
    durationMs: row.duration_ms,
    templateMaxMs: maxOf(row.plan),
    // What was erased is like nothing else: whoever asked for that is no abuser.
    justification: row.justification === erasedText ? row.id : alike(row.justification),
    extendsId: row.extends_id,
    setId: row.set_id,
    requestedAt: row.requested_at,
    lapsesAt: row.lapses_at,
    approvedAt: row.approved_at,
    beginsAt: row.begins_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  };
}

/** One number of a long document, which is not worth reading as a whole a hundred thousand times. */
function maxOf(plan: string): number {
  return Number(/"maxDurationMs":(\d+)/.exec(plan)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

/** A digest: that two texts are alike is all that a report may know of what somebody wrote. */
function alike(justification: string): string {
  const words = justification
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();
  return sha256(words === '' ? justification : words).slice(0, 16);
}

/** Votes on these requests. */
export async function readVotes(read: Read, requests: readonly RequestFact[], pause: Pause): Promise<VoteFact[]> {
  const votes: VoteFact[] = [];
  for await (const ids of chunks(
    requests.map(({ id }) => id),
    atOnce,
    pause,
  )) {
    const rows = await read
      .selectFrom('exception_decisions as vote')
      .leftJoin('exception_views as seen', (join) =>
        join.onRef('seen.exception_id', '=', 'vote.exception_id').onRef('seen.person_id', '=', 'vote.actor_id'),
      )
      .select(['vote.exception_id', 'vote.actor_id', 'vote.verdict', 'vote.at', 'seen.at as viewed_at'])
      .where('vote.exception_id', 'in', ids)
      .execute();
    for (const row of rows)
      votes.push({
        exceptionId: row.exception_id,
        actorId: row.actor_id,
        verdict: row.verdict,
        at: row.at,
        viewedAt: row.viewed_at,
      });
  }
  return votes;
}

/** A list in portions, with a pause for others between two. */
export async function* chunks<Item>(items: readonly Item[], size: number, pause: Pause): AsyncGenerator<Item[]> {
  for (let index = 0; index < items.length; index += size) {
    if (index > 0) await pause();
    yield items.slice(index, index + size);
  }
}
