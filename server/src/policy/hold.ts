import { own } from '@postern/shared/own';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import type { Platform } from '@postern/shared/checks/define';
import { osVersion } from '@postern/shared/checks/os-version';
import type { Instant } from '@postern/shared/time';
import type { Brake } from './brake.ts';
import { valueOf } from './value-of.ts';

/** When a reading went from passing to standing in the way, and the reading before that. */
export type Flip = Readonly<{ at: Instant; before: Reading }>;

/** By check. One that passes again has none. */
export type Flips = Readonly<Record<string, Flip>>;

interface Held {
  readings: Readings;
  held: ReadonlyMap<string, Brake>;
}

interface DeviceOfBuild {
  platform: Platform;
  /** Null: not known, and then no brake is for it. */
  build: string | null;
}

const nothing: ReadonlyMap<string, Brake> = new Map();

/**
 * The readings as they are to be judged while brakes hold: in place of one that changed to the worse after its brake began to
 * count, the one before. A device that failed before, or never passed, gets nothing from it, and neither does any other check.
 */
export function holdReadings(
  readings: Readings,
  flips: Flips,
  device: DeviceOfBuild,
  brakes: readonly Brake[],
  now: Instant,
): Held {
  const before: Record<string, Reading> = {};
  const held = new Map<string, Brake>();
  for (const brake of brakes) {
    const { check } = brake;
    const flip = own(flips, check);
    if (flip === undefined || !isHeldBy(brake, device, check, flip, now)) continue;
    before[check] = flip.before;
    held.set(check, brake);
  }
  return held.size === 0 ? { readings, held: nothing } : { readings: { ...readings, ...before }, held };
}

/** Whether a brake is for this change. Asked anew at each use: at its end it holds nothing, whoever has noticed. */
export function isHeldBy(
  brake: Brake,
  device: DeviceOfBuild,
  check: string,
  flip: Pick<Flip, 'at'>,
  now: Instant,
): boolean {
  return (
    brake.check === check &&
    brake.platform === device.platform &&
    brake.build === device.build &&
    flip.at >= brake.flipsSince &&
    now < brake.endsAt
  );
}

/** The build of the system that the readings name; null where they do not tell. */
export function buildOf(readings: Readings): string | null {
  return valueOf(readings, osVersion)?.build ?? null;
}
