import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z. All times inside the programs are of this kind. */
export type Instant = number;

export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A point in time on the wire: RFC 3339 in UTC. */
export const timestampSchema = z.iso.datetime({ offset: true }).meta({
  description: 'RFC 3339 time',
  example: '2026-11-21T09:30:00.000Z',
});

export function toTimestamp(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** Of what has not happened: null. */
export function toTimestampOrNull(instant: Instant | null): string | null {
  return instant === null ? null : toTimestamp(instant);
}

export function fromTimestamp(timestamp: string): Instant {
  return Date.parse(timestamp);
}

/** RFC 7519 section 2, NumericDate: whole seconds. Rounded down, so that nothing lives longer than granted. */
export function toNumericDate(instant: Instant): number {
  return Math.floor(instant / second);
}

const units = { s: second, m: minute, h: hour, d: day, w: 7 * day } as const;
const durationPattern = /^(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Reads `15m`, `1h30m`, `14d`, `0` or `0s` as milliseconds. Returns undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = durationPattern.exec(text);
  if (parts === null || text === '') return undefined;
  const [, weeks, days, hours, minutes, seconds] = parts;
  return (
    Number(weeks ?? 0) * units.w +
    Number(days ?? 0) * units.d +
    Number(hours ?? 0) * units.h +
    Number(minutes ?? 0) * units.m +
    Number(seconds ?? 0) * units.s
  );
}

/** A length of time as people write it in a policy or a request, e.g. `15m`, `1h30m`, `14d`. */
export const durationSchema = z
  .string()
  .max(32)
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 15m, 1h30m or 14d')
  .meta({
    description: 'Duration: weeks, days, hours, minutes, seconds',
    example: '1h30m',
    pattern: durationPattern.source,
  });

/** Says a length of time as people do: the two largest units, rounded down. `0` is "now". */
export function sayDuration(milliseconds: number): string {
  const names: [number, string][] = [
    [day, 'day'],
    [hour, 'hour'],
    [minute, 'minute'],
    [second, 'second'],
  ];
  let rest = Math.max(0, milliseconds);
  const said: string[] = [];
  for (const [size, name] of names) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && said.length < 2) said.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    else if (said.length > 0) break;
  }
  return said.length === 0 ? 'now' : said.join(' ');
}
