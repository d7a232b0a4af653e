import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { collectionPlanSchema } from './collection-plan.ts';
import { compactJwsSchema, publicJwkSchema, thumbprintSchema } from './jwk.ts';

/** What the agent says of where its key lives. A claim, and stored as one (research: hardware-keys, rule 3). */
export const keyProviders = ['tpm2', 'secure-enclave', 'windows-pcp', 'os-keystore', 'file'] as const;
export type KeyProviderId = (typeof keyProviders)[number];

/** What the backend says of it. Only the first is knowledge; the rest follow from the agent's claim. */
export const keyProtections = ['hardware-attested', 'hardware-unattested', 'os-protected', 'software'] as const;
export type KeyProtection = (typeof keyProtections)[number];

/** Whose machine it is. `unknown` until somebody says; then policies for either apply. */
export const ownerships = ['corporate', 'personal', 'unknown'] as const;
export type Ownership = (typeof ownerships)[number];

export const deviceStates = ['pending', 'active', 'suspended', 'retired'] as const;
export type DeviceState = (typeof deviceStates)[number];

export const keyProofType = 'postern-key-proof+jwt';

/**
 * `POST /v1/enrollments`, first of two steps. Either with a one-time token made by an admin, or with the
 * device code of `POST /oauth/device_authorization` once a person has approved it (RFC 8628).
 */
export const enrollmentRequestSchema = z
  .strictObject({
    token: z.string().min(16).max(256).optional(),
    device_code: z.string().min(16).max(256).optional(),
    key: publicJwkSchema,
    provider: z.enum(keyProviders),
    device: z.strictObject({
      name: humanLine({ max: 128 }),
      platform: z.enum(platforms),
      agentVersion: humanLine({ max: 32 }),
    }),
  })
  .refine(
    (request) => (request.token === undefined) !== (request.device_code === undefined),
    'give either token or device_code',
  )
  .meta({ id: 'EnrollmentRequest' });

export const enrollmentAnswerSchema = z
  .strictObject({
    id: idSchema('enrollment'),
    /** To be signed by the device key, with `aud` = issuer, as the claim `nonce` of the proof. */
    challenge: z.string(),
    issuer: z.string(),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'Enrollment' });

/** Claims of the proof of possession: typ `postern-key-proof+jwt`, `jwk` in the header. */
export const keyProofClaimsSchema = z.strictObject({
  aud: z.string().max(512),
  iat: z.int(),
  nonce: z.string().max(256),
  /** The enrollment's id: the proof is good for this one only. */
  sub: idSchema('enrollment'),
});

/** `POST /v1/enrollments/{id}/finish`. */
export const enrollmentFinishSchema = z.strictObject({ proof: compactJwsSchema }).meta({ id: 'EnrollmentFinish' });

export const enrolledSchema = z
  .strictObject({
    deviceId: idSchema('device'),
    /** The device is an OAuth client; its client id is its device id. */
    clientId: idSchema('device'),
    state: z.enum(deviceStates),
    keyThumbprint: thumbprintSchema,
    keyProtection: z.enum(keyProtections),
    owner: z.strictObject({ id: idSchema('user'), name: z.string() }),
    issuer: z.string(),
    attestEverySeconds: z.int(),
    collect: collectionPlanSchema,
  })
  .meta({ id: 'Enrolled' });
export type Enrolled = z.infer<typeof enrolledSchema>;

/**
 * RFC 8628 section 3.1. Form-encoded. A new device has no id yet, so only its name is read. One that is enrolled
 * authenticates, and names the resource (RFC 8707) that a person is to be signed in for. Unknown parameters are ignored
 * (RFC 6749 section 3.1).
 */
export const deviceAuthorizationRequestSchema = z.object({
  client_id: z.string().max(128).optional(),
  client_assertion_type: z.string().max(128).optional(),
  client_assertion: z.string().max(8192).optional(),
  resource: z.string().max(256).optional(),
  scope: z.string().max(256).optional(),
  /** Postern: shown to the person who approves, so that they know which machine asks. */
  device_name: humanLine({ max: 128 }).optional(),
});

/** RFC 8628 section 3.2. */
export const deviceAuthorizationAnswerSchema = z
  .strictObject({
    device_code: z.string(),
    user_code: z.string(),
    verification_uri: z.string(),
    verification_uri_complete: z.string(),
    expires_in: z.int(),
    interval: z.int(),
  })
  .meta({ id: 'DeviceAuthorization' });

/** `GET /v1/admin/device-codes/{user_code}`: what a person sees of the device that waits, before they decide. */
export const waitingDeviceSchema = z
  .strictObject({
    userCode: z.string(),
    /** What the device calls itself. Its own word, and no more. */
    deviceName: z.string().nullable(),
    /** From where it asks: a code that somebody else sent along comes from elsewhere (RFC 8628 section 5.4). */
    remoteAddress: z.string().nullable(),
    /** Whoever looks at it comes from that address too: then it is likely, and no proof, that they are at it. */
    sameAddress: z.boolean(),
    requestedAt: timestampSchema,
    expiresAt: timestampSchema,
    /** An enrolled device of theirs, that wants them signed in; null: a new one, to be enrolled. */
    signIn: z
      .strictObject({ device: z.strictObject({ id: idSchema('device'), name: z.string() }), resource: z.string() })
      .nullable(),
  })
  .meta({ id: 'WaitingDevice' });
export type WaitingDevice = z.output<typeof waitingDeviceSchema>;
