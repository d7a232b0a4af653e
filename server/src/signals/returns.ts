import { type Instant, minute, second } from '@postern/shared/time';
import type { FollowDeps } from './follow.ts';
import { lookAtReturned } from './look-through.ts';
import type { Told } from './tell.ts';

const returnedEveryMs = second;
/** Those whose report came to another node, or to one that died. */
const allReturnedEveryMs = minute;
const mostReported = 5000;
/** As many as a query names. */
const reportedAtOnce = 500;

/** Devices that may have been too late, and report again: nothing but a look tells. */
export interface Returns {
  /** Evidence of this device was committed here. */
  note(deviceId: string): void;
  /** The looks that it is time for. Each is repeated until it finds nothing more. */
  due(now: Instant): Iterable<() => Promise<Told | undefined>>;
}

/** Few of those that report were told to be too late; whether they were is asked for many at once. */
export function createReturns(deps: FollowDeps): Returns {
  let returnedAt = Number.NEGATIVE_INFINITY;
  let allReturnedAt = Number.NEGATIVE_INFINITY;
  const reported = new Set<string>();

  return {
    note: (deviceId) => void (reported.size < mostReported && reported.add(deviceId)),
    *due(now) {
      if (now >= allReturnedAt + allReturnedEveryMs) {
        allReturnedAt = now;
        yield () => lookAtReturned(deps, null, now);
      }
      if (reported.size === 0 || now < returnedAt + returnedEveryMs) return;
      returnedAt = now;
      const some = [...reported].slice(0, reportedAtOnce);
      for (const id of some) reported.delete(id);
      yield () => lookAtReturned(deps, some, now);
    },
  };
}
