import { type Change, updateOne } from '../storage/change.ts';

/**
 * Makes every server read the rulebook again, and guards: of two changes of it that read the same epoch, only the first
 * finds it; the other is a ConflictError.
 *
 * @param epoch as it was read before the change was decided
 */
export function nextEpoch(epoch: string): Change {
  return updateOne('meta', { key: 'policy_epoch', value: epoch }, { value: String(Number(epoch) + 1) });
}
