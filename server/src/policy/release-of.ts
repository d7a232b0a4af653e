import type { Check } from '@postern/shared/checks/define';
import { identifiers } from '@postern/shared/checks/identifiers';
import { osVersion } from '@postern/shared/checks/os-version';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, type Instant } from '@postern/shared/time';
import type { ReleaseFacts, Releases } from '../releases/index.ts';

interface Known {
  by: Releases;
  /** The day in UTC: the answer is the same from midnight to midnight. */
  on: number;
  facts: ReleaseFacts | null;
}

const known = new WeakMap<Readings, Known>();

/** What is known of the release that the device runs; null where it does not tell what it runs. Asked once a day for the same readings. */
export function releaseOf(releases: Releases, readings: Readings, now: Instant): ReleaseFacts | null {
  const on = Math.floor(now / day);
  const before = known.get(readings);
  if (before?.by === releases && before.on === on) return before.facts;
  const system = valueOf(readings, osVersion);
  const model = valueOf(readings, identifiers)?.model ?? null;
  const facts = system === undefined ? null : releases.of(system, model, now);
  known.set(readings, { by: releases, on, facts });
  return facts;
}

function valueOf<Value>(readings: Readings, check: Check<Value>): Value | undefined {
  const reading = Object.hasOwn(readings, check.id) ? readings[check.id] : undefined;
  return reading?.status === 'ok' ? check.value.safeParse(reading.value).data : undefined;
}
