import { type Instant, hour, second } from '@postern/shared/time';
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

const programs = ['/usr/bin/date', '/bin/date'];
const furthestZone = 15 * hour;

/**
 * The instant at which the clocks of this machine showed that time; undefined where the system does not say. date(1) is
 * asked, because logs are written in the machine's zone and not in the agent's, whether that zone has a name or not, and
 * because the tables of all zones of the world would stay in a daemon's memory for life.
 */
export async function toInstant(system: System, time: WallTime): Promise<Instant | undefined> {
  const stated = new Date(asIfUtc(time)).toISOString().slice(0, 19).replace('T', ' ');
  for (const program of programs) {
    const result = await system.run(program, ['-d', stated, '+%s']);
    if (result.outcome === 'absent') continue;
    const seconds =
      result.outcome === 'exited' && result.code === 0 ? /^(\d{1,11})\n$/.exec(result.stdout)?.[1] : undefined;
    const instant = Number(seconds ?? Number.NaN) * second;
    // No clock on a wall is further from UTC than that.
    return Math.abs(instant - asIfUtc(time)) <= furthestZone ? instant : undefined;
  }
  return undefined;
}

function asIfUtc(time: WallTime): Instant {
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
}
