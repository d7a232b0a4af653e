import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { deviceStates, keyProtections } from '@postern/shared/protocol/enrollment';
import { collectionPlanSchema } from '@postern/shared/protocol/collection-plan';
import { timestampSchema } from '@postern/shared/time';
import { keyRefSchema } from '../keys/provider.ts';
import { rememberedVerdictSchema } from './remembered-verdict.ts';

export const stateVersion = 1;

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** All that an enrolled device remembers between runs: state.json. */
export const stateSchema = z.strictObject({
  version: z.literal(stateVersion),
  server: z.strictObject({
    /** Where the backend is reached. */
    url: z.url(),
    /** What it calls itself: `aud` and the beginning of `htu` of all that is signed. */
    issuer: z.url(),
    /** Plain HTTP beyond this machine was asked for in so many words. */
    insecureHttp: z.boolean(),
  }),
  device: z.strictObject({
    id: idSchema('device'),
    name: z.string(),
    owner: z.strictObject({ id: idSchema('user'), name: z.string() }),
    /** As the backend last said. */
    state: z.enum(deviceStates),
    keyProtection: z.enum(keyProtections),
  }),
  key: keyRefSchema,
  enrolledAt: timestampSchema,
  attestEverySeconds: z.int().min(1),
  /** Of the last attestation that was signed. Written before it is sent, so that it never goes back. */
  seq: z.int().min(0),
  /** Hash of the last attestation that the backend is known to have. */
  prev: hash.nullable(),
  /** Signed and sent, and no answer came: the backend may have any of these. */
  unacknowledged: z.array(z.strictObject({ seq: z.int().min(1), hash })).max(64),
  /** The exact text of the claims that were last sent, for the person whose machine it is. */
  lastSent: z.strictObject({ to: z.url(), at: timestampSchema, hash, claims: z.string() }).nullable(),
  /** What the backend made of the last attestation that it acknowledged. */
  lastAnswer: z
    .strictObject({ seq: z.int(), at: timestampSchema, verdict: rememberedVerdictSchema })
    .nullable()
    // The backend says it again. What it said once in another form is no reason to lose the rest.
    .catch(null),
  /** What the backend asks this device to collect. Null until it has said so; a state of an older agent has none. */
  plan: collectionPlanSchema.nullable().default(null).catch(null),
  /** Device clock minus backend clock, in milliseconds. Null until it was measured. */
  clockOffsetMs: z.number().nullable(),
});

export type AgentState = z.infer<typeof stateSchema>;

/** Oldest attestations without an answer are dropped first: the backend keeps only its newest, too. */
export const mostUnacknowledged = 64;
