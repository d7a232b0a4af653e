import { locale, t } from '../strings/index.ts';
import { plural } from '../strings/plural.ts';

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "in 3 hours", "yesterday": rounded to what somebody would say. */
export function sayRelative(at: number, now: number): string {
  const away = at - now;
  const size = Math.abs(away);
  if (size < 45_000) return relative.format(Math.round(away / 1000), 'second');
  if (size < hour) return relative.format(Math.round(away / minute), 'minute');
  if (size < 2 * day) return relative.format(Math.round(away / hour), 'hour');
  if (size < 60 * day) return relative.format(Math.round(away / day), 'day');
  return relative.format(Math.round(away / (30 * day)), 'month');
}

const absolute = (timeZone?: string) =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
/** Made once: making one takes longer than all else about a row of a list. */
const absoluteIn = { local: absolute(), UTC: absolute('UTC') };

/** "21 Nov 2026, 14:00 CET". */
export function sayAbsolute(at: number, zone: 'local' | 'UTC' = 'local'): string {
  return absoluteIn[zone].format(at);
}

const units: readonly [number, string][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** "1 day 2 hours": the largest unit of so many seconds and the one below it, rounded down. */
export function sayLength(seconds: number): string {
  let left = Math.max(0, Math.floor(seconds));
  const counts = units.map(([size, name]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return { count, name };
  });
  const first = counts.findIndex(({ count }) => count > 0);
  if (first === -1) return t.common.noTime;
  // "1 day 5 seconds" says more than anybody wants to know.
  const said = counts.slice(first, first + 2).filter(({ count }) => count > 0);
  return said.map(({ count, name }) => plural(count, name)).join(' ');
}

/** A length of time as the API takes it: `90m`, `2h`, `7d`. */
export function durationText(seconds: number): string {
  for (const [size, name] of units) if (seconds % size === 0) return `${seconds / size}${name[0]}`;
  return `${seconds}s`;
}
