import { z } from 'zod';
import { timestampSchema } from '../time.ts';

/** Where a setting has its value from. */
export const settingSources = ['environment', 'file', 'default'] as const;

/** One thing that is configured, as it is in effect. */
export const effectiveSettingSchema = z
  .strictObject({
    /** Name in the environment, and place in the file. */
    variable: z.string(),
    file: z.string(),
    source: z.enum(settingSources),
    /** Null: nothing is set. Of what may hold a secret, only what is none. */
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable(),
    /** The value is a length of time in milliseconds. */
    isDuration: z.boolean(),
    /** Something is set, and it is shown to nobody. */
    isSecret: z.boolean(),
  })
  .meta({ id: 'EffectiveSetting' });
export type EffectiveSetting = z.output<typeof effectiveSettingSchema>;

const keySchema = z.strictObject({
  kid: z.string(),
  use: z.enum(['access-token', 'signal']),
  alg: z.string(),
  /** `next`: published, and signs later. `past`: signs no more, and is still believed. */
  state: z.enum(['next', 'signs', 'past']),
  signsFrom: timestampSchema,
  /** When its successor takes over, if that is known. */
  signsUntil: timestampSchema.nullable(),
});

/** What this installation is and how it is configured. Nothing of it is a secret. */
export const installationSchema = z
  .strictObject({
    version: z.string(),
    issuer: z.string(),
    startedAt: timestampSchema,
    now: timestampSchema,
    database: z.enum(['sqlite', 'postgres']),
    /** Whether requests can be answered, as `/readyz` says. */
    ready: z.boolean(),
    keys: z.array(keySchema),
    /** What checkpoints of the audit are signed with. Not in use: they were signed under another master secret. */
    auditKey: z.strictObject({ key: z.string(), origin: z.string(), inUse: z.boolean() }),
    providers: z.array(z.strictObject({ id: z.string(), title: z.string(), issuer: z.string() })),
    /** Whose ID tokens devices exchange for tokens for their people. */
    tokenProvider: z.strictObject({ issuer: z.string(), clientId: z.string() }).nullable(),
    mail: z.strictObject({ from: z.string(), host: z.string() }).nullable(),
    webhooks: z.strictObject({ enabled: z.int(), disabled: z.int() }),
    settings: z.array(effectiveSettingSchema),
  })
  .meta({ id: 'Installation' });
export type Installation = z.output<typeof installationSchema>;
