import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;

/**
 * What would happen, in sentences.
 *
 * @param sayDay how a day is said
 */
export function sayResult(
  {
    changes,
    newlyBlocked,
    newlyUncovered,
    at,
  }: Pick<ReplaySummary, 'changes' | 'newlyBlocked' | 'newlyUncovered' | 'at'>,
  sayDay: (day: string) => string,
): { headline: string; details: string[]; isSafe: boolean } {
  const blocked = changes['newly-blocked'];
  const { atOnce, atDeadline, people, days } = newlyBlocked;
  // What is blocked at once is counted with today.
  const first = days.find(({ day, devices }) => day !== at.slice(0, 10) || devices > atOnce)?.day ?? at.slice(0, 10);
  const details = [
    ...(atOnce > 0 ? [words.atOnce(atOnce)] : []),
    ...(atDeadline > 0 ? [words.atDeadline(atDeadline, sayDay(first))] : []),
    ...(changes.freed > 0 ? [words.freed(changes.freed)] : []),
    ...(newlyUncovered > 0 ? [words.uncovered(newlyUncovered)] : []),
  ];
  const isSafe = blocked === 0 && changes['blocked-sooner'] === 0;
  return { headline: words.wouldBlock(blocked, people), details, isSafe };
}
