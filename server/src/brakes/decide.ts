import type { Instant } from '@postern/shared/time';
import type { Config } from '../config.ts';

/** A device whose check stopped passing, and still does not pass. */
export interface Turned {
  deviceId: string;
  ownerId: string;
  at: Instant;
}

/** Nobody trips it alone: otherwise whoever has a few machines could switch a rule off for all of their build. */
const fewestPeople = 3;

/**
 * Whether so many devices of one build turned at once that the check is doubted before they are. Pure.
 *
 * @param devicesOfBuild active ones that reported lately; those that turned are among them
 * @param decidedAt when a brake for this check and build ended last: what was seen by then was decided upon
 * @returns the changes that count; undefined where there are too few
 */
export function doubted(
  turned: readonly Turned[],
  devicesOfBuild: number,
  { devices, sharePercent, windowMs }: Config['brake'],
  decidedAt: Instant | null,
  now: Instant,
): { flipsSince: Instant; devices: readonly Turned[] } | undefined {
  const recent = turned.filter(({ at }) => at <= now && at > now - windowMs && (decidedAt === null || at > decidedAt));
  const each = [...Map.groupBy(recent, ({ deviceId }) => deviceId).values()].map(
    (same) => same.toSorted((left, right) => left.at - right.at)[0] as Turned,
  );
  const people = new Set(each.map(({ ownerId }) => ownerId)).size;
  if (each.length < devices || people < Math.min(devices, fewestPeople)) return undefined;
  if (each.length * 100 < devicesOfBuild * sharePercent) return undefined;
  return { flipsSince: Math.min(...each.map(({ at }) => at)), devices: each };
}
