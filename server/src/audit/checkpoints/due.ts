import { type Instant, second } from '@postern/shared/time';
import type { Config } from '../../config.ts';
import type { Database } from '../../storage/database.ts';

/** So many new entries are signed at once, however long it is until the next checkpoint is due. */
const manyEntries = 1000;

/** Whether a checkpoint over the first `size` entries is to be signed now, as the latest one is that. */
export function isDue(
  { checkpoints }: Pick<Config, 'checkpoints'>,
  latest: Pick<Database['audit_checkpoints'], 'size' | 'at'> | undefined,
  size: number,
  now: Instant,
): boolean {
  if (latest === undefined || size - latest.size >= manyEntries) return true;
  const since = now - latest.at;
  // A clock that was set back must not keep the log unsigned until it has caught up.
  return since >= checkpoints.everyMs || since < -second;
}
