import { createHmac } from 'node:crypto';
import { canonicalJson } from '@postern/shared/canonical';
import { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import type { Readings } from '@postern/shared/protocol/reading';

const fields = ['serial', 'hardwareUuid', 'machineIdHash'] as const;
type Field = (typeof fields)[number];
/** `serial`: SHA-256 of what was sent as it is; `keyed-serial`: its HMAC, sent as such or made here. */
type Fingerprint = Partial<Record<Field | `keyed-${Field}`, string>>;

/**
 * What is remembered of the hardware under a key: canonical JSON of field to SHA-256 of its value, for each field
 * that was ever known. Field by field and not one hash over all, because a field that falls silent (no permission
 * this time, firmware junk) is not another machine, and must not make us forget what it said.
 *
 * @param before what is remembered so far
 * @returns what to remember from now on; null when nothing is known yet
 */
export function rememberHardware(before: string | null, readings: Readings, key: IdentifierKey): string | null {
  const merged = { ...parse(before), ...hardwareOf(readings, key) };
  return Object.keys(merged).length === 0 ? null : canonicalJson(merged);
}

/** Whether a field that was known before now says something else: the key moved to another machine, or runs on two. */
export function isOtherHardware(before: string | null, readings: Readings, key: IdentifierKey): boolean {
  const remembered = parse(before);
  const observed = hardwareOf(readings, key);
  return fields.some((field) => {
    // By what was sent as it is where both were, so that another master secret is not another fleet.
    const bothPlain = remembered[field] !== undefined && observed[field] !== undefined;
    const name = bothPlain ? field : (`keyed-${field}` as const);
    const [then, now] = [remembered[name], observed[name]];
    return then !== undefined && now !== undefined && then !== now;
  });
}

const fingerprints = new WeakMap<Readings, Fingerprint>();

/** base64url. The key under which devices are asked to send identifiers, if they are (policy/collection-plan.ts). */
export type IdentifierKey = string;

/**
 * Hashes of each identifier that is known now. The keyed one is made of plain values, too, so that a fleet can go from
 * plain to keyed and back without every device looking like another machine.
 */
export function hardwareOf(readings: Readings, key: IdentifierKey): Fingerprint {
  let fingerprint = fingerprints.get(readings);
  if (fingerprint === undefined) {
    fingerprint = observe(readings, key);
    fingerprints.set(readings, fingerprint);
  }
  return fingerprint;
}

function observe(readings: Readings, key: IdentifierKey): Fingerprint {
  const reading = readings[identifiers.id];
  const value = reading?.status === 'ok' ? identifiers.value.safeParse(reading.value) : undefined;
  if (!value?.success) return {};
  const { junk, ...claimed } = value.data;
  const isJunk = (field: string) => junk.some((each) => each === field);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = claimed[field];
      if (text === null || isJunk(field)) return [];
      if (claimed.keyed === true) return [[`keyed-${field}`, text]];
      return [
        [field, sha256(text)],
        [`keyed-${field}`, keyedHash(key, field, text)],
      ];
    }),
  );
}

/** As agents make it: see agent/src/collect/identifiers. */
function keyedHash(key: IdentifierKey, field: Field, value: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(`${field}:${value}`).digest('base64url');
}

function parse(remembered: string | null): Fingerprint {
  return remembered === null ? {} : (JSON.parse(remembered) as Fingerprint);
}
