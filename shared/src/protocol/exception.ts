import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine, humanText } from '../text.ts';
import { durationSchema, timestampSchema } from '../time.ts';
import { authnSchema, stepUpAnswerSchema, stepUpLevels } from './step-up.ts';
import { riskSchema } from './template.ts';
import { ruleOutcomes } from './verdict.ts';

export const exceptionKinds = ['device', 'access'] as const;
export type ExceptionKind = (typeof exceptionKinds)[number];

/** `scheduled` (begins later) and `approved` (begins with its first use) are in force as soon as they begin. */
export const exceptionStates = [
  'pending',
  'scheduled',
  'approved',
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

const resourceSchema = humanLine({ max: 256 });

const justification = humanText({ min: 10, max: 2000 });

/** What every request says beside what it is about. */
const asking = {
  duration: durationSchema,
  justification,
  ticket: humanLine({ max: 128 }).optional(),
  /** The scenario that it is asked under. Absent: what the rules' policies say. */
  template: humanLine({ max: 64 }).optional(),
  /** One of those that the template names. */
  reasonCode: humanLine({ max: 64 }).optional(),
  /** Absent: with the approval. */
  startsAt: timestampSchema.optional(),
  stepUp: stepUpAnswerSchema.optional(),
};

/** What a device's person (or an admin for them) asks for. */
export const exceptionRequestSchema = z
  .strictObject({
    rules: z.array(ruleReferenceSchema).min(1).max(20),
    /** Only for these resources. Empty: for every resource that the device may ask a token for. */
    resources: z.array(resourceSchema).max(20).default([]),
    ...asking,
  })
  .meta({ id: 'ExceptionRequest' });
export type ExceptionRequest = z.infer<typeof exceptionRequestSchema>;

/** Temporary access: one resource, in one role, for the person and the device that asks. */
export const accessRequestSchema = z
  .strictObject({ resource: resourceSchema, role: humanLine({ max: 64 }), ...asking })
  .meta({ id: 'AccessRequest' });
export type AccessRequest = z.infer<typeof accessRequestSchema>;

/** What is different about a request that waits. Whatever it is, votes that were given are void. */
export const exceptionEditSchema = z
  .strictObject({
    rules: z.array(ruleReferenceSchema).min(1).max(20).optional(),
    resources: z.array(resourceSchema).max(20).optional(),
    duration: durationSchema.optional(),
    justification: justification.optional(),
    ticket: humanLine({ max: 128 }).nullable().optional(),
    reasonCode: humanLine({ max: 64 }).optional(),
    startsAt: timestampSchema.nullable().optional(),
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'ExceptionEdit' });
export type ExceptionEdit = z.infer<typeof exceptionEditSchema>;

/** Extension: the same scope for longer. It supersedes the one in force when it is approved. */
export const exceptionExtensionSchema = z
  .strictObject({ duration: durationSchema, justification, stepUp: stepUpAnswerSchema.optional() })
  .meta({ id: 'ExceptionExtension' });
export type ExceptionExtension = z.infer<typeof exceptionExtensionSchema>;

/** What an approver decides. They may shorten or narrow, never widen. */
export const exceptionDecisionSchema = z
  .strictObject({
    reason: humanText({ max: 1000 }).optional(),
    duration: durationSchema.optional(),
    rules: z.array(ruleReferenceSchema).min(1).max(20).optional(),
    resources: z.array(resourceSchema).min(1).max(20).optional(),
    /** Hash of the request that the approver saw: who approves says what. Refused when it changed since. */
    requestHash: z.string().max(64),
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'ExceptionDecision' });
export type ExceptionDecision = z.infer<typeof exceptionDecisionSchema>;

/** Why somebody ends an exception. */
export const exceptionEndingSchema = z
  .strictObject({ reason: humanText({ max: 1000 }).optional() })
  .meta({ id: 'ExceptionEnding' });

const personSchema = z.strictObject({ id: idSchema('user'), name: z.string() });

export const exceptionSchema = z
  .strictObject({
    id: idSchema('exception'),
    kind: z.enum(exceptionKinds),
    state: z.enum(exceptionStates),
    /** Whether it waives its rules right now. Computed at the moment of the answer, never stored. */
    live: z.boolean(),
    person: personSchema,
    requestedBy: personSchema,
    device: z.strictObject({ id: idSchema('device'), name: z.string() }),
    rules: z.array(ruleReferenceSchema),
    resources: z.array(z.string()),
    /** Of temporary access. */
    role: z.string().nullable(),
    template: z.strictObject({ name: z.string(), version: z.int() }).nullable(),
    reasonCode: z.string().nullable(),
    /** Those that were asked for together share one. */
    set: idSchema('exceptionSet').nullable(),
    emergency: z.boolean(),
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
    /** When it is to begin, where that was asked for. */
    startsAt: timestampSchema.nullable(),
    /** When it began or will; null while it waits for its first use, which may be until expiresAt. */
    beginsAt: timestampSchema.nullable(),
    expiresAt: timestampSchema.nullable(),
    endedAt: timestampSchema.nullable(),
    endedReason: z.string().nullable(),
    extends: idSchema('exception').nullable(),
    approvalsNeeded: z.int(),
    stages: z.array(
      z.strictObject({
        title: z.string(),
        groups: z.array(z.string()).nullable(),
        manager: z.boolean(),
        approvals: z.int(),
        given: z.int(),
      }),
    ),
    /** Why nobody can approve what waits, as things stand; null where somebody can. Absent in lists. */
    stuck: z.string().nullable().optional(),
    /** The condition of the template that approved it, where no person did. */
    autoApprovedBy: z.string().nullable(),
    stepUp: z.strictObject({ request: z.enum(stepUpLevels), approval: z.enum(stepUpLevels) }),
    /** How who asked showed who they are, where that was demanded. */
    requestedAuthn: authnSchema.nullable(),
    risk: riskSchema,
    /** Conditions of the template that counted. */
    conditions: z.array(z.string()),
    decisions: z.array(
      z.strictObject({
        by: personSchema,
        verdict: z.enum(['approve', 'deny']),
        reason: z.string().nullable(),
        at: timestampSchema,
        authn: authnSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'Exception' });
export type ExceptionView = z.infer<typeof exceptionSchema>;
