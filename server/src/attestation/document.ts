import type { z } from 'zod';
import { findCheck } from '@postern/shared/checks/catalogue';
import { sha256 } from '@postern/shared/digest';
import { type AttestationClaims, attestationClaimsSchema, attestationType } from '@postern/shared/protocol/attestation';
import { Fault, type FaultDetail } from '@postern/shared/protocol/errors';
import { thumbprintSchema } from '@postern/shared/protocol/jwk';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { type CompactJws, openJws } from '../jws/index.ts';
import { areSameReadings } from './same-readings.ts';

/** The largest attestation, in characters of its compact form. */
export const maxDocumentLength = 65_536;
const maxDetails = 20;

/** An attestation whose form is right. Nothing in it is believed yet. */
export interface Document extends CompactJws {
  /** SHA-256 of the compact form: its name in the history. */
  hash: string;
  /** Thumbprint of the key that it says it is signed with. */
  kid: string;
}

/** Reads shape and header. Throws attestation_malformed, attestation_algorithm. */
export function openDocument(jws: string): Document {
  const opened = openJws(jws, maxDocumentLength);
  if (opened === undefined)
    throw malformed([
      {
        path: 'body',
        message: 'must be a compact JWS of plain JSON in canonical base64url: no member twice, no deep nesting',
      },
    ]);
  return { ...opened, hash: sha256(jws), kid: readHeader(opened.header) };
}

/** Exactly `alg`, `typ` and `kid`: a header that brings its own key, or asks for an extension (`crit`), is refused. */
function readHeader(header: Readonly<Record<string, unknown>>): string {
  if (header['alg'] !== 'ES256') throw new Fault('attestation_algorithm');
  if (header['typ'] !== attestationType)
    throw malformed([{ path: 'header.typ', message: `must be ${attestationType}` }]);
  if (Object.keys(header).some((name) => !['alg', 'typ', 'kid'].includes(name))) {
    throw malformed([{ path: 'header', message: 'must hold alg, typ and kid, and nothing else' }]);
  }
  const kid = thumbprintSchema.safeParse(header['kid']);
  if (!kid.success)
    throw malformed([{ path: 'header.kid', message: 'must be the RFC 7638 thumbprint of the device key' }]);
  return kid.data;
}

/** Stored readings (the objects) that somebody sent again to this process, and that passed their schemas then. */
const passed = new WeakSet<Readings>();

/**
 * Reads the claims, and each reading by the schema of its check. Throws attestation_malformed with details.
 *
 * @param stored the last readings of the device. When it says the same again, these are the readings of the claims: most
 *   attestations do, and the schemas, the hash and the hardware of 17 readings cost 150 µs
 */
export function readClaims(payload: Readonly<Record<string, unknown>>, stored: Readings | null): AttestationClaims {
  const isRepeated = stored !== null && areSameReadings(payload['readings'], stored);
  if (isRepeated && passed.has(stored)) return { ...readEnvelope({ ...payload, readings: {} }), readings: stored };
  const claims = readEnvelope(payload);
  const readings = Object.fromEntries(
    Object.entries(claims.readings).map(([check, reading]): [string, Reading] => [check, readReading(check, reading)]),
  );
  if (isRepeated && areSameReadings(readings, stored)) passed.add(stored);
  return { ...claims, readings };
}

function readEnvelope(payload: Readonly<Record<string, unknown>>): AttestationClaims {
  const claims = attestationClaimsSchema.safeParse(payload);
  if (!claims.success) throw malformed(detailsOf(claims.error, 'claims'));
  return claims.data;
}

/** A check that this backend does not know is kept as it came: a newer agent may be ahead of its backend. */
function readReading(id: string, reading: Reading): Reading {
  const check = findCheck(id);
  if (check === undefined || reading.status !== 'ok') return reading;
  const value = check.value.safeParse(reading.value);
  if (!value.success) throw malformed(detailsOf(value.error, `claims.readings.${id}.value`));
  // The schemas of checks describe JSON and give JSON.
  return { ...reading, value: value.data as typeof reading.value };
}

export function malformed(details: FaultDetail[]): Fault {
  return new Fault('attestation_malformed', { details });
}

/** Names of members come from the device: one bounded line of plain characters; values are never repeated. */
function detailsOf(error: z.ZodError, where: string): FaultDetail[] {
  const plain = (text: string, max: number) => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, max);
  return error.issues
    .slice(0, maxDetails)
    .map((issue) => ({ path: plain([where, ...issue.path].join('.'), 200), message: plain(issue.message, 200) }));
}
