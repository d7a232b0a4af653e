import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine, humanText } from '../text.ts';
import { durationSchema, timestampSchema } from '../time.ts';
import { ruleOutcomes } from './verdict.ts';

export const exceptionStates = [
  'pending',
  'active',
  'denied',
  'withdrawn',
  'lapsed',
  'expired',
  'revoked',
  'relinquished',
  'resolved',
  'superseded',
  'voided',
] as const;
export type ExceptionState = (typeof exceptionStates)[number];

/** `policy/rule`, both kebab-case. Always exact: an exception from everything does not exist. */
export const ruleReferenceSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/, 'must be policy/rule')
  .meta({ description: 'A rule of a policy', example: 'baseline/disk-encryption' });

const resourceSchema = z.string().min(1).max(256);

/** What a device's person (or an admin for them) asks for. */
export const exceptionRequestSchema = z
  .strictObject({
    rules: z.array(ruleReferenceSchema).min(1).max(20),
    /** Only for these resources. Empty: for every resource that the device may ask a token for. */
    resources: z.array(resourceSchema).max(20).default([]),
    duration: durationSchema,
    justification: humanText({ min: 10, max: 2000 }),
    ticket: humanLine({ max: 128 }).optional(),
  })
  .meta({ id: 'ExceptionRequest' });
export type ExceptionRequest = z.infer<typeof exceptionRequestSchema>;

/** Extension: the same scope for longer. It supersedes the one in force when it is approved. */
export const exceptionExtensionSchema = z
  .strictObject({ duration: durationSchema, justification: humanText({ min: 10, max: 2000 }) })
  .meta({ id: 'ExceptionExtension' });

/** What an approver decides. They may shorten or narrow, never widen. */
export const exceptionDecisionSchema = z
  .strictObject({
    reason: humanText({ max: 1000 }).optional(),
    duration: durationSchema.optional(),
    rules: z.array(ruleReferenceSchema).min(1).max(20).optional(),
    resources: z.array(resourceSchema).min(1).max(20).optional(),
    /** Hash of the request that the approver saw; refused when it changed since. */
    requestHash: z.string().max(64).optional(),
  })
  .meta({ id: 'ExceptionDecision' });

/** Why somebody ends an exception. */
export const exceptionEndingSchema = z
  .strictObject({ reason: humanText({ max: 1000 }).optional() })
  .meta({ id: 'ExceptionEnding' });

const personSchema = z.strictObject({ id: idSchema('user'), name: z.string() });

export const exceptionSchema = z
  .strictObject({
    id: idSchema('exception'),
    kind: z.literal('device'),
    state: z.enum(exceptionStates),
    /** Whether it waives its rules right now. Computed at the moment of the answer, never stored. */
    live: z.boolean(),
    person: personSchema,
    requestedBy: personSchema,
    device: z.strictObject({ id: idSchema('device'), name: z.string() }),
    rules: z.array(ruleReferenceSchema),
    resources: z.array(z.string()),
    durationSeconds: z.int(),
    justification: z.string(),
    ticket: z.string().nullable(),
    /** What the rules found when it was asked for; after approval, then. */
    observed: z.array(
      z.strictObject({ rule: ruleReferenceSchema, outcome: z.enum(ruleOutcomes), value: z.json().nullable() }),
    ),
    requestHash: z.string(),
    requestedAt: timestampSchema,
    /** A request that nobody answers lapses then. */
    lapsesAt: timestampSchema,
    approvedAt: timestampSchema.nullable(),
    expiresAt: timestampSchema.nullable(),
    endedAt: timestampSchema.nullable(),
    endedReason: z.string().nullable(),
    extends: idSchema('exception').nullable(),
    approvalsNeeded: z.int(),
    decisions: z.array(
      z.strictObject({
        by: personSchema,
        verdict: z.enum(['approve', 'deny']),
        reason: z.string().nullable(),
        at: timestampSchema,
      }),
    ),
  })
  .meta({ id: 'Exception' });
export type ExceptionView = z.infer<typeof exceptionSchema>;
