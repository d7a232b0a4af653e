import { type Clock, type Instant, minute, second } from '@postern/shared/time';
import type { Job } from '../jobs.ts';
import type { KeyUse, RotatingSignalKeys, RotatingSigningKeys } from './signing-keys.ts';

/** Background jobs of every node: rotation when it is due, and what another node or a command did to the keys. */
export function keyJobs({
  signingKeys,
  signalKeys,
  clock,
  metrics,
}: {
  signingKeys: RotatingSigningKeys;
  signalKeys: RotatingSignalKeys;
  clock: Clock;
  metrics: { signingKey(use: KeyUse, signsFrom: Instant | undefined): void };
}): Job[] {
  const sets = [signingKeys, signalKeys];
  const all = async (work: (keys: (typeof sets)[number]) => Promise<void>) => {
    await Promise.all(sets.map(work));
    for (const keys of sets) metrics.signingKey(keys.use, keys.signsSince(clock.now()));
  };
  return [
    { name: 'rotate signing keys', everyMs: minute, run: () => all((keys) => keys.rotateIfDue(clock.now())) },
    { name: 'follow signing keys', everyMs: second, run: () => all((keys) => keys.follow()) },
  ];
}
