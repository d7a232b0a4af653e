import { canonicalJson } from '@postern/shared/canonical';
import { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import type { Readings } from '@postern/shared/protocol/reading';

const fields = ['serial', 'hardwareUuid', 'machineIdHash'] as const;
type Fingerprint = Partial<Record<(typeof fields)[number], string>>;

/**
 * What is remembered of the hardware under a key: canonical JSON of field to SHA-256 of its value, for each field
 * that was ever known. Field by field and not one hash over all, because a field that falls silent (no permission
 * this time, firmware junk) is not another machine, and must not make us forget what it said.
 *
 * @param before what is remembered so far
 * @returns what to remember from now on; null when nothing is known yet
 */
export function rememberHardware(before: string | null, readings: Readings): string | null {
  const merged = { ...parse(before), ...hardwareOf(readings) };
  return Object.keys(merged).length === 0 ? null : canonicalJson(merged);
}

/** Whether a field that was known before now says something else: the key moved to another machine, or runs on two. */
export function isOtherHardware(before: string | null, readings: Readings): boolean {
  const remembered = parse(before);
  const observed = hardwareOf(readings);
  return fields.some((field) => {
    const [then, now] = [remembered[field], observed[field]];
    return then !== undefined && now !== undefined && then !== now;
  });
}

const fingerprints = new WeakMap<Readings, Fingerprint>();

/** SHA-256 of each identifier that is known now. */
export function hardwareOf(readings: Readings): Fingerprint {
  let fingerprint = fingerprints.get(readings);
  if (fingerprint === undefined) {
    fingerprint = observe(readings);
    fingerprints.set(readings, fingerprint);
  }
  return fingerprint;
}

function observe(readings: Readings): Fingerprint {
  const reading = readings[identifiers.id];
  const value = reading?.status === 'ok' ? identifiers.value.safeParse(reading.value) : undefined;
  if (!value?.success) return {};
  const { junk, ...claimed } = value.data;
  const isJunk = (field: string) => junk.some((each) => each === field);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = claimed[field];
      return text === null || isJunk(field) ? [] : [[field, sha256(text)]];
    }),
  );
}

function parse(remembered: string | null): Fingerprint {
  return remembered === null ? {} : (JSON.parse(remembered) as Fingerprint);
}
