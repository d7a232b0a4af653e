import { day, hour, type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Job } from '../jobs.ts';
import { fleetCounts } from './counts.ts';
import { keepDay } from './trend.ts';

/**
 * What runs beside the requests: the fleet is counted once a minute, so that it is known when somebody looks; the trend gets
 * it once an hour, and once more in the last minute of a day.
 */
export function overviewJobs({ store, clock }: Pick<Deps, 'store' | 'clock'>): Job[] {
  let counted: Instant | undefined;
  return [
    {
      name: 'count the fleet',
      everyMs: minute,
      async run() {
        const now = clock.now();
        const { counts } = await fleetCounts(store, 'renew', now);
        if (!isDue(counted, now)) return;
        await keepDay(store, counts, now);
        counted = now;
      },
    },
  ];
}

function isDue(counted: Instant | undefined, now: Instant): boolean {
  const isLastMinute = now % day >= day - minute;
  return (
    counted === undefined || now - counted >= hour || isLastMinute || Math.floor(counted / day) < Math.floor(now / day)
  );
}
