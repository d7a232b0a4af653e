import { type Instant, day, hour, minute, sayDuration, second } from '@postern/shared/time';

interface Range {
  least: Instant;
  most: Instant;
}

/** No exception is longer than this, whatever a policy says. */
export const longestExceptionMs = 14 * day;

/** What a policy may say at all, in milliseconds: a slip of the pen must not make evidence or a token last for years. */
export const limits = {
  maxAge: { least: minute, most: 30 * day },
  tokenLife: { least: 30 * second, most: hour },
  timeToFix: { least: 0, most: 365 * day },
  exceptionDuration: { least: minute, most: longestExceptionMs },
  exceptionTotal: { least: minute, most: 90 * day },
} as const satisfies Record<string, Range>;

/** Says what is wrong with a duration; undefined when it is within the range. */
export function outside(milliseconds: number, { least, most }: Range): string | undefined {
  if (milliseconds >= least && milliseconds <= most) return undefined;
  if (least === 0) return `must be at most ${sayDuration(most)}`;
  return `must be between ${sayDuration(least)} and ${sayDuration(most)}`;
}
