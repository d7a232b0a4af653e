import { type KeyObject, sign, verify } from 'node:crypto';
import type { CompactJws } from '@postern/shared/jws/compact-jws';
import { keepHeader } from './compact-jws.ts';

/**
 * ES256 (RFC 7518 section 3.4) on the calling thread. jose does the same over WebCrypto, whose way through another
 * thread costs several times the signature; it is the oracle that es256.test.ts holds this to. The conversion between
 * the 64 bytes of JOSE and the DER of OpenSSL is done here because Node's own costs as much as a signature.
 */
const size = 32;

/** Whether the key signed it with ES256. Nothing else is accepted, whatever the header says (RFC 8725 section 3.1). */
export function isSignedBy(jws: CompactJws, key: KeyObject): boolean {
  if (jws.header['alg'] !== 'ES256') return false;
  const dot = jws.text.lastIndexOf('.');
  const signature = Buffer.from(jws.text.slice(dot + 1), 'base64url');
  if (signature.length !== 2 * size) return false;
  if (!verify('sha256', Buffer.from(jws.text.slice(0, dot), 'latin1'), key, derOf(signature))) return false;
  keepHeader(jws);
  return true;
}

/** Signs claims with ES256 and returns the compact form. */
export function signJws(header: { typ: string; kid: string }, claims: Record<string, unknown>, key: KeyObject): string {
  const input = `${base64url(JSON.stringify({ alg: 'ES256', ...header }))}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${rawOf(sign('sha256', Buffer.from(input, 'latin1'), key)).toString('base64url')}`;
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Long enough for any signature over P-256. One for all: nothing that reads it outlives the call. */
const der = Buffer.alloc(2 + 2 * (2 + 1 + size));

/** SEQUENCE of two INTEGERs; an INTEGER has no leading zeros, except one before a set first bit. */
function derOf(signature: Buffer): Buffer {
  const end = putInteger(signature, size, putInteger(signature, 0, 2));
  der[0] = 0x30;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/** Writes the number that begins at `from`, and returns where the next thing goes. */
function putInteger(signature: Buffer, from: number, at: number): number {
  let start = from;
  while (start < from + size - 1 && signature[start] === 0) start += 1;
  const pad = (signature[start] ?? 0) >= 0x80 ? 1 : 0;
  const length = from + size - start + pad;
  der[at] = 0x02;
  der[at + 1] = length;
  der[at + 2] = 0;
  return at + 2 + pad + signature.copy(der, at + 2 + pad, start, from + size);
}

/** What OpenSSL made, which is always well formed. */
function rawOf(der: Buffer): Buffer {
  const raw = Buffer.alloc(2 * size);
  let at = 2;
  for (const end of [size, 2 * size]) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const significant = digits.subarray(Math.max(0, length - size));
    significant.copy(raw, end - significant.length);
    at += 2 + length;
  }
  return raw;
}
