import { day, second, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { SignalMetrics } from './metrics.ts';
import { disableStream } from './stream-status.ts';

const mostWaiting = 100_000;
const longestWaitMs = 7 * day;

interface Backlog {
  stream: string;
  status: string;
  waiting: number;
  /** When the oldest that waits was made; null when nothing does. */
  since: Instant | null;
}

/** What waits in each stream. */
export async function readBacklogs({ store }: Pick<Deps, 'store'>): Promise<Backlog[]> {
  const rows = await store.read
    .selectFrom('ssf_streams')
    .leftJoin('ssf_events', 'ssf_events.stream_id', 'ssf_streams.id')
    .select(['ssf_streams.id', 'ssf_streams.status'])
    .select(({ fn }) => [fn.count('ssf_events.jti').as('waiting'), fn.min('ssf_events.created_at').as('since')])
    .groupBy(['ssf_streams.id', 'ssf_streams.status'])
    .execute();
  return rows.map(({ id, status, waiting, since }) => ({
    stream: id,
    status,
    waiting: Number(waiting),
    since,
  }));
}

export function lagSeconds({ since }: Pick<Backlog, 'since'>, now: Instant): number {
  return since === null ? 0 : Math.max(0, (now - since) / second);
}

/** Shows what waits, and disables streams whose receivers have stayed away for too long. */
export async function watchBacklogs(
  deps: Pick<Deps, 'store' | 'random'> & { metrics: SignalMetrics },
  now: Instant,
  limits = { mostWaiting, longestWaitMs },
): Promise<void> {
  const backlogs = await readBacklogs(deps);
  deps.metrics.signalsWaiting(
    backlogs.map((each) => ({ stream: each.stream, waiting: each.waiting, lagSeconds: lagSeconds(each, now) })),
  );
  for (const { stream, status, waiting, since } of backlogs) {
    if (status === 'disabled') continue;
    const isOld = since !== null && now - since > limits.longestWaitMs;
    if (waiting > limits.mostWaiting)
      await disableStream(deps, stream, `More than ${limits.mostWaiting} signals waited.`, now);
    else if (isOld)
      await disableStream(deps, stream, `Signals waited for more than ${limits.longestWaitMs / day} days.`, now);
  }
}
