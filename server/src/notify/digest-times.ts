import { day, hour, type Instant } from '@postern/shared/time';

/** Digests go out from seven in the morning on, UTC. */
const fromHour = 7;
/** 1970-01-01 was a Thursday: days are counted so that weeks begin on Monday. */
const daysBeforeMonday = 3;

/** The day that a daily digest at `now` belongs to, counted from 1970. */
export function dayOf(now: Instant): number {
  return Math.floor((now - fromHour * hour) / day);
}

/** The week, beginning on Monday at seven. */
export function weekOf(now: Instant): number {
  return Math.floor((dayOf(now) + daysBeforeMonday) / 7);
}
