import { generateURI, ScureBase32Plugin, verifySync } from 'otplib';
import { type Instant, second } from '@postern/shared/time';

const period = 30;
const secretBytes = 20;

/** The time step that an instant lies in (RFC 6238 section 4.2). */
export function timeStepAt(now: Instant): number {
  return Math.floor(now / second / period);
}

/**
 * The time step that a code is of, one step to either side allowed for clocks that differ (RFC 6238 section 5.2). None
 * at or before `lastStep` counts: a code is good once.
 *
 * @param secret Base32
 * @param code six digits
 */
export function matchingStep(secret: string, code: string, lastStep: number, now: Instant): number | undefined {
  // The clock went back behind the code that was used last: whatever comes now may have been used.
  if (lastStep > timeStepAt(now)) return undefined;
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now / second),
    epochTolerance: period,
    period,
    digits: 6,
    algorithm: 'sha1',
    afterTimeStep: Math.max(0, lastStep),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/**
 * A secret of 160 bits, as RFC 4226 section 4 wants it, in Base32 as apps read it.
 *
 * @param random at least 20 random bytes, base64url
 */
export function newSecret(random: string): string {
  const bytes = Buffer.from(random, 'base64url').subarray(0, secretBytes);
  if (bytes.length < secretBytes) throw new Error('too little randomness');
  return new ScureBase32Plugin().encode(new Uint8Array(bytes));
}

/** What apps read from a QR code. The secret is in it. */
export function otpauthUri(secret: string, { issuer, label }: { issuer: string; label: string }): string {
  return generateURI({ issuer, label, secret, algorithm: 'sha1', digits: 6, period });
}
