import { hour, minute, type Instant } from '@postern/shared/time';
import type { System } from '../system.ts';

/** A time as logs write it, without saying where: the clock on the wall. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Reads `2026-10-16 23:04:01`, with any blanks or a `T` between. Undefined for what is no time. */
export function parseWallTime(text: string): WallTime | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T|\s+)(\d\d):(\d\d):(\d\d)$/.exec(text.trim());
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  const time = { year, month, day, hour: hours, minute: minutes, second: seconds };
  const made = new Date(asIfUtc(time));
  const isReal =
    made.getUTCMonth() === month - 1 && made.getUTCDate() === day && hours < 24 && minutes < 60 && seconds < 60;
  return isReal ? time : undefined;
}

/**
 * The zone of the machine, which is not always that of the agent: logs are written by the system. Undefined
 * when the machine does not name it; its rules may then be a copy that nobody can look up.
 */
export async function zoneOf(system: System): Promise<string | undefined> {
  const link = /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec((await system.realPath('/etc/localtime')) ?? '')?.[1];
  if (link !== undefined && isZone(link)) return link;
  const file = await system.readFile('/etc/timezone');
  const stated = file.outcome === 'read' ? file.text.trim() : '';
  if (isZone(stated)) return stated;
  // A machine without any of them runs on UTC, tzset(3).
  return (await system.readFile('/etc/localtime')).outcome === 'absent' ? 'UTC' : undefined;
}

function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** The instant at which clocks in that zone showed that time; the earlier one where they showed it twice. */
export function toInstant(time: WallTime, zone: string): Instant {
  const wall = asIfUtc(time);
  // The offset a day before and a day after are all there can be around one change of the clocks.
  const candidates = [-24 * hour, 24 * hour].map((away) => wall - offsetAt(wall + away, zone));
  const matching = candidates.filter((candidate) => candidate + offsetAt(candidate, zone) === wall);
  return Math.min(...(matching.length > 0 ? matching : candidates));
}

function asIfUtc(time: WallTime): Instant {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}

/** How far the zone is ahead of UTC then. */
function offsetAt(instant: Instant, zone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes = '0', seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
  if (hours === undefined) return 0;
  const ahead = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * 1000;
  return sign === '-' ? -ahead : ahead;
}
