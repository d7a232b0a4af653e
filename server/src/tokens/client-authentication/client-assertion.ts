import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { PublicJwk } from '@postern/shared/protocol/jwk';
import { clientAssertionType } from '@postern/shared/protocol/token';
import { type Instant, minute, second } from '@postern/shared/time';
import { type CompactJws, isSignedBy, openJws, publicKeyOf } from '../../jws/index.ts';
import { type Spent, spentAssertion } from '../spent.ts';

/** Client authentication as it comes in the form (RFC 7521 section 4.2). */
export interface AssertionParameters {
  client_id?: string | undefined;
  client_assertion_type?: string | undefined;
  client_assertion?: string | undefined;
}

/** An assertion that is well formed and says who signed it. Nothing of it is proven. */
export interface ClientAssertion {
  deviceId: string;
  jws: CompactJws;
  claims: z.infer<typeof claimsSchema>;
}

export const assertionErrors = [
  'assertion_missing',
  'assertion_invalid',
  'assertion_algorithm',
  'assertion_audience',
  'assertion_foreign_key',
  'assertion_from_future',
  'assertion_expired',
  'assertion_replayed',
] as const;

const maxLength = 4096;
const longestLifeMs = 5 * minute;
/** As for proofs: the device's clock must only be roughly right. */
const aheadMs = minute;
/** draft-ietf-oauth-rfc7523bis: explicitly typed, or as clients did it before. */
const types: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'client-authentication+jwt']);

const numericDate = z.number().min(0).max(4_102_444_800);
const claimsSchema = z.object({
  iss: idSchema('device'),
  sub: idSchema('device'),
  aud: z.union([z.string().max(512), z.array(z.string().max(512)).max(8)]),
  jti: z.string().min(1).max(256),
  exp: numericDate,
  iat: numericDate.optional(),
  nbf: numericDate.optional(),
});

/**
 * Reads `private_key_jwt` out of the form and says which device claims to have signed it.
 *
 * @throws Fault `assertion_missing`, `assertion_algorithm`, `assertion_invalid`
 */
export function readClientAssertion(parameters: AssertionParameters): ClientAssertion {
  if (parameters.client_assertion === undefined) throw new Fault('assertion_missing');
  if (parameters.client_assertion_type !== clientAssertionType) throw invalid('client_assertion_type');
  const jws = openJws(parameters.client_assertion, maxLength);
  if (jws === undefined) throw invalid('not a compact JWS');
  if (jws.header['alg'] !== 'ES256') throw new Fault('assertion_algorithm');
  if (!types.has(jws.header['typ'])) throw invalid('typ');
  const claims = claimsSchema.safeParse(jws.payload).data;
  if (claims === undefined) throw invalid('claims are missing or malformed');
  if (claims.iss !== claims.sub) throw invalid('iss and sub differ');
  if (parameters.client_id !== undefined && parameters.client_id !== claims.sub) throw invalid('client_id differs');
  return { deviceId: claims.sub, jws, claims };
}

/**
 * Checks the assertion against the key of the device that it names (RFC 7523 section 3; the audience as rfc7523bis
 * narrows it). That it was not used before holds only once the result's change is committed.
 *
 * @throws Fault `assertion_foreign_key`, `assertion_invalid`, `assertion_audience`, `assertion_from_future`, `assertion_expired`
 */
export function verifyClientAssertion(
  { deviceId, jws, claims }: ClientAssertion,
  device: { jwk: PublicJwk; jkt: string },
  issuer: string,
  now: Instant,
): Spent {
  const { kid } = jws.header;
  if (kid !== undefined && kid !== device.jkt) throw new Fault('assertion_foreign_key');
  if (!isSignedBy(jws, publicKeyOf(device.jwk, device.jkt))) throw invalid('signature');
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (audiences.length !== 1 || audiences[0] !== issuer) throw new Fault('assertion_audience');
  if (Math.max(claims.iat ?? 0, claims.nbf ?? 0) * second > now + aheadMs) throw new Fault('assertion_from_future');
  const expiresAt = claims.exp * second;
  if (expiresAt <= now || expiresAt > now + longestLifeMs) throw new Fault('assertion_expired');
  return spentAssertion(deviceId, claims.jti, expiresAt);
}

function invalid(cause: string): Fault {
  return new Fault('assertion_invalid', { cause });
}
