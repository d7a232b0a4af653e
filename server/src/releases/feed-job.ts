import type { Logger } from 'pino';
import { sha256 } from '@postern/shared/digest';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import { type Clock, minute } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Job } from '../jobs.ts';
import { fetchFeed } from './fetch-feed.ts';
import { type ImportDeps, importFeed } from './import-feed.ts';

const lasting: ReadonlySet<ErrorCode> = new Set(['feed_invalid', 'feed_untrusted', 'feed_outdated']);

/** A timer cannot count to a month, and a server that was just started should not wait for a day. */
const lookEveryMs = minute;

/**
 * Fetches the feed, as often as the operator said. There is no such job where nothing was configured: then nothing is ever
 * fetched.
 *
 * @param fetched stands in for the network in tests
 */
export function feedJobs(
  deps: ImportDeps & { clock: Clock; log: Pick<Logger, 'info' | 'warn'> },
  fetched: (from: string) => Promise<string> = fetchFeed,
): Job[] {
  const { from, everyMs } = deps.config.feed;
  if (from === null) return [];
  let triedAt = -Infinity;
  /** What was looked at last: the same again is neither news nor another entry in the audit. */
  let seen: string | undefined;
  const run = async () => {
    const now = deps.clock.now();
    if (now - triedAt < everyMs) return;
    triedAt = now;
    const jws = await fetched(from);
    const hash = sha256(jws);
    if (hash === seen) return;
    try {
      const { sequence } = await importFeed(deps, jws, systemActor, now);
      deps.log.info({ sequence }, 'release feed imported');
    } catch (error) {
      // What the feed itself is not to blame for is tried again with the next look.
      if (!(error instanceof Fault) || !lasting.has(error.code)) throw error;
      if (error.members['same'] !== true)
        deps.log.warn({ code: error.code, details: error.details }, 'release feed refused');
    }
    seen = hash;
  };
  return [{ name: 'fetch release feed', everyMs: lookEveryMs, run }];
}
