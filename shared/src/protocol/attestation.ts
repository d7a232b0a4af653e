import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { collectionPlanSchema } from './collection-plan.ts';
import { readingSchema } from './reading.ts';
import { verdictSchema } from './verdict.ts';

/** `Content-Type` of an attestation, and (without `application/`) its `typ`. */
export const attestationMediaType = 'application/eat+jwt';
export const attestationType = 'eat+jwt';
/** RFC 9711 section 4.3.2: names the set of claims below. */
export const attestationProfile = 'tag:postern.dev,2026:eat/posture/1';

const numericDate = z.int().min(0).max(4_102_444_800);
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Claims of an attestation: an EAT (RFC 9711) over all readings, signed by the device key. */
export const attestationClaimsSchema = z
  .strictObject({
    iss: idSchema('device'),
    /** The issuer of the backend, and only it. */
    aud: z.string().max(512),
    iat: numericDate,
    eat_nonce: z.string().max(256),
    eat_profile: z.literal(attestationProfile),
    swname: z.literal('postern-agent'),
    swversion: humanLine({ max: 32 }),
    /** Rises by at least one with every attestation that the device ever signed. */
    seq: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    /** SHA-256 of the attestation before this one (its compact form), null for the first. */
    prev: hash.nullable(),
    readings: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,47}$/), readingSchema)
      .refine((readings) => Object.keys(readings).length <= 128, 'must not hold more than 128 readings'),
  })
  .meta({ id: 'AttestationClaims' });

export type AttestationClaims = z.infer<typeof attestationClaimsSchema>;

export const attestationAnswerSchema = z
  .strictObject({
    attestation: z.strictObject({ seq: z.int(), hash, receivedAt: timestampSchema }),
    verdict: verdictSchema,
    /** What to collect from now on. A device that left some of it out reports again at once. */
    collect: collectionPlanSchema,
  })
  .meta({ id: 'AttestationAnswer' });

export type AttestationAnswer = z.infer<typeof attestationAnswerSchema>;

/** Answer of `POST /oauth/challenge` (draft-ietf-oauth-attestation-based-client-auth). */
export const challengeAnswerSchema = z
  .strictObject({
    attestation_challenge: z.string(),
    /** The backend's clock, so that a device whose own is wrong can still date what it signs. */
    server_time: timestampSchema,
  })
  .meta({ id: 'Challenge' });
