import { day, hour, type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { countFleet } from '../devices/index.ts';
import type { Job } from '../jobs.ts';
import { countExcepted, fleetOf } from './fleet.ts';
import { keepDay } from './trend.ts';

/** What runs beside the requests: the trend is counted once an hour, and once more in the last minute of a day. */
export function overviewJobs({ store, clock }: Pick<Deps, 'store' | 'clock'>): Job[] {
  let counted: Instant | undefined;
  return [
    {
      name: 'count the fleet',
      everyMs: minute,
      async run() {
        const now = clock.now();
        if (!isDue(counted, now)) return;
        const counts = fleetOf(await countFleet(store.read), await countExcepted(store.read, now));
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
