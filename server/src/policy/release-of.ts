import type { Json } from '@postern/shared/canonical';
import { identifiers } from '@postern/shared/checks/identifiers';
import { osVersion } from '@postern/shared/checks/os-version';
import type { Readings } from '@postern/shared/protocol/reading';
import { day, type Instant } from '@postern/shared/time';
import type { ReleaseFacts, Releases } from '../releases/index.ts';
import { valueOf } from './value-of.ts';

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

const shown = new WeakMap<ReleaseFacts, { value: Json; merged: Json }>();

/** What a device reports of its system, with what is known of that release: a rule over either is understood by people. */
export function withRelease(value: Json, release: ReleaseFacts | null): Json {
  if (release === null || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const before = shown.get(release);
  if (before?.value === value) return before.merged;
  const { supportEndsOn, latest } = release;
  const merged = { ...value, supportEndsOn, ...(latest === null ? {} : { latest }) };
  shown.set(release, { value, merged });
  return merged;
}
