import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';

/**
 * How freshly and how well somebody must show who they are, from nothing to most: a sign-in within five minutes, a passkey
 * or a code of an authenticator app, a passkey and nothing else.
 */
export const stepUpLevels = ['none', 'recent', 'second-factor', 'passkey'] as const;
export type StepUpLevel = (typeof stepUpLevels)[number];

/** Ways to show who one is, as the refusal `step_up_required` names those that would do. */
export const stepUpWays = ['sign-in', 'passkey', 'code'] as const;
export type StepUpWay = (typeof stepUpWays)[number];

const base64url = z
  .string()
  .min(1)
  .max(16_384)
  .regex(/^[\w-]+$/, 'must be base64url')
  .meta({ description: 'base64url', example: 'q83vEjRWeJA' });

/** WebAuthn PublicKeyCredential with an AuthenticatorAssertionResponse, as browsers' toJSON gives it. */
export const assertionSchema = z.object({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
  clientExtensionResults: z.looseObject({}).default({}),
  authenticatorAttachment: z.string().max(32).nullish(),
});

export type Assertion = z.output<typeof assertionSchema>;

/** WebAuthn PublicKeyCredential with an AuthenticatorAttestationResponse, as browsers' toJSON gives it. */
export const attestationSchema = z.object({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,32}$/, 'must be a WebAuthn transport'))
      .max(10)
      .default([]),
  }),
  clientExtensionResults: z.looseObject({}).default({}),
  authenticatorAttachment: z.string().max(32).nullish(),
});
export type Attestation = z.output<typeof attestationSchema>;

/** The proof, sent along with what it is for: a request, a decision. */
export const stepUpAnswerSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('passkey'),
      /** The challenge that was given for exactly this (`POST /v1/me/step-ups`). */
      stepUp: idSchema('stepUp'),
      assertion: assertionSchema,
    }),
    z.strictObject({ kind: z.literal('code'), code: z.string().regex(/^\d{6}$/, 'must be six digits') }),
  ])
  .meta({ id: 'StepUpAnswer' });
export type StepUpAnswer = z.infer<typeof stepUpAnswerSchema>;
export type PasskeyAnswer = Extract<StepUpAnswer, { kind: 'passkey' }>;

/** What carries nothing but a proof. */
export const proofSchema = z.strictObject({ stepUp: stepUpAnswerSchema.optional() }).meta({ id: 'Proof' });

/** How somebody showed who they are for one request or decision. Kept with it for good. */
export const authnSchema = z
  .strictObject({
    level: z.enum(stepUpLevels),
    /** The passkey that was used, or null. */
    credential: z.string().nullable(),
    at: timestampSchema,
  })
  .meta({ id: 'Authn' });
export type Authn = z.infer<typeof authnSchema>;
