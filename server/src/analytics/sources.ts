import { day, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { briefly, type Pause } from '../kept.ts';
import { longestExceptionMs } from '../policy/index.ts';
import type { RequestFact, VoteFact } from './facts.ts';
import { readChains, readRefusals, readReviews, readSpans } from './read-history.ts';
import { readRequests, readVotes } from './read-requests.ts';
import { readRuleTallies, readUsed } from './read-standing.ts';
import type { Link, Span } from './reports/chains.ts';
import type { ReviewFact } from './reports/flow.ts';
import type { RefusalFact } from './reports/outside.ts';
import { exceptedDevices, type RuleTally } from './reports/standing.ts';

export type AnalyticsDeps = Pick<Deps, 'store' | 'policies'>;

/** What reports are made of. Each is read when a report first asks for it, and once for all of them. */
export interface Sources {
  now: Instant;
  days: number;
  /** Those made within the days. */
  recent(): Promise<readonly RequestFact[]>;
  /** And older ones that are not over. */
  all(): Promise<readonly RequestFact[]>;
  votes(): Promise<readonly VoteFact[]>;
  tallies(): Promise<ReadonlyMap<string, RuleTally>>;
  used(): Promise<ReadonlySet<string>>;
  links(): Promise<readonly Link[]>;
  spans(): Promise<readonly Span[]>;
  refusals(): Promise<readonly RefusalFact[]>;
  reviews(): Promise<readonly ReviewFact[]>;
  /** The longest exception that each rule allows now, in milliseconds. */
  caps(): Promise<ReadonlyMap<string, number>>;
}

export function createSources(
  { store, policies }: AnalyticsDeps,
  days: number,
  now: Instant,
  pause: Pause = briefly,
): Sources {
  const { read } = store;
  const since = now - days * day;
  const all = once(() => readRequests(read, since, pause));
  const recent = once(async () => (await all()).filter(({ requestedAt }) => requestedAt >= since));
  return {
    now,
    days,
    all,
    recent,
    votes: once(async () => readVotes(read, await recent(), pause)),
    tallies: once(async () => readRuleTallies(read, exceptedDevices(await all(), now), pause)),
    used: once(async () => readUsed(read, await all(), now, pause)),
    links: once(async () => readChains(read, await all(), pause)),
    spans: once(async () => readSpans(read, await all(), now, pause)),
    refusals: once(async () => readRefusals(read, await all(), since, pause)),
    reviews: once(() => readReviews(read, since)),
    caps: once(async () => {
      const row = await read.selectFrom('meta').select('value').where('key', '=', 'policy_epoch').executeTakeFirst();
      const rulebook = await policies.at(row?.value ?? '');
      const rules = rulebook.policies.flatMap((policy) => policy.rules);
      return new Map(
        rules.map(({ reference, exceptions }) => [reference, exceptions?.maxDurationMs ?? longestExceptionMs]),
      );
    }),
  };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | undefined;
  return () => (reading ??= read());
}
