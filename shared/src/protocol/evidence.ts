import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { deviceSummarySchema, pageQuerySchema, roles } from './admin.ts';
import { type ErrorCode, errorCodes } from './errors.ts';
import { exceptionKinds, exceptionSchema, ruleReferenceSchema } from './exception.ts';
import { impactSchema } from './impact.ts';
import { ruleOutcomes, ruleResultSchema } from './verdict.ts';

/** Whether somebody may do something to an exception now; where they may not, why. */
const maySchema = z
  .strictObject({
    may: z.boolean(),
    /** What it would be refused with. */
    code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).nullable(),
    sentence: z.string().nullable(),
  })
  .meta({ id: 'May' });
export type May = z.output<typeof maySchema>;

export const exceptionActs = ['approve', 'deny', 'revoke', 'withdraw', 'edit', 'extend'] as const;
export type ExceptionAct = (typeof exceptionActs)[number];

/** `GET /v1/me/inbox`: a request that waits, with whether whoever asks may decide it. */
export const waitingRequestSchema = exceptionSchema
  .extend({ mayDecide: z.strictObject({ approve: maySchema, deny: maySchema }) })
  .meta({ id: 'WaitingRequest' });
export type WaitingRequest = z.output<typeof waitingRequestSchema>;

export const inboxQuerySchema = pageQuerySchema.extend({
  after: idSchema('exception').optional(),
  /** Only what whoever asks may approve now. */
  mine: z.enum(['true', 'false']).default('false'),
  kind: z.enum(exceptionKinds).optional(),
  /** Of this risk, or a higher one. */
  risk: z.enum(['low', 'medium', 'high']).optional(),
  rule: ruleReferenceSchema.optional(),
  template: z.string().min(1).max(64).optional(),
  /** Part of the name of a person or a device. */
  q: z.string().min(1).max(100).optional(),
});

/** An exception in a line: how the like was decided before. */
const briefSchema = exceptionSchema
  .pick({
    id: true,
    kind: true,
    state: true,
    live: true,
    emergency: true,
    person: true,
    device: true,
    rules: true,
    resources: true,
    role: true,
    template: true,
    durationSeconds: true,
    requestedAt: true,
    endedReason: true,
    decisions: true,
  })
  .meta({ id: 'ExceptionBrief' });
export type ExceptionBrief = z.output<typeof briefSchema>;

const countsSchema = z
  .strictObject({
    approved: z.int(),
    /** By a condition of a template, or as an emergency. */
    withoutApproval: z.int(),
    denied: z.int(),
    withdrawn: z.int(),
    unanswered: z.int(),
    waiting: z.int(),
  })
  .meta({ id: 'HowTheyEnded' });
export type HowTheyEnded = z.output<typeof countsSchema>;

const seenSchema = z.strictObject({ outcome: z.enum(ruleOutcomes), observed: z.string().nullable() });

/** A rule that a request is about: what was found when, and what it found when it was last in order. */
const evidenceRuleSchema = z
  .strictObject({
    rule: ruleReferenceSchema,
    /** When it was asked for; once it is approved, then. */
    atRequest: seenSchema.nullable(),
    /** Null where no such rule is in force on the device now, or the device has never reported. */
    now: ruleResultSchema.nullable(),
    /** Null where nothing that is kept shows it. */
    lastGood: z
      .strictObject({
        /** Since when and until when it passed; until null: it passes now. */
        from: timestampSchema,
        until: timestampSchema.nullable(),
        /** What the device reported then; null where that is kept no more. */
        observed: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'EvidenceRule' });
export type EvidenceRule = z.output<typeof evidenceRuleSchema>;

/** `GET /v1/admin/exceptions/{id}/evidence`: all that somebody decides by, in one answer. */
export const exceptionEvidenceSchema = z
  .strictObject({
    exception: exceptionSchema,
    /** What whoever asks may do about it now. */
    acts: z.record(z.enum(exceptionActs), maySchema),
    person: z.strictObject({
      id: idSchema('user'),
      name: z.string(),
      email: z.string(),
      roles: z.array(z.enum(roles)),
      groups: z.array(z.string()),
      manager: z.strictObject({ id: idSchema('user'), name: z.string() }).nullable(),
      active: z.boolean(),
    }),
    device: deviceSummarySchema,
    rules: z.array(evidenceRuleSchema),
    /** Since when changes of verdicts of this device are known; null: there is none. */
    recordedSince: timestampSchema.nullable(),
    /** The other rules on the device, each with the gravest of its standings on what this is for. */
    others: z.array(ruleResultSchema),
    /** What approving it now would mean; null once it is decided. */
    impact: impactSchema.nullable(),
    /** What this person asked for in the last year, and how it ended. */
    history: z.strictObject({ counts: countsSchema, latest: z.array(briefSchema) }),
    /** What anybody asked for about one of the same rules, or the same resource, in the last 90 days. */
    similar: z.strictObject({
      counts: countsSchema,
      /** How long the approved ones were for, in the middle; null: none was approved. */
      usualSeconds: z.int().nullable(),
      /** For readers only: they name other people. */
      latest: z.array(briefSchema),
    }),
    /** What happened to it, oldest first, as the audit log has it. */
    timeline: z.array(
      z.strictObject({
        seq: z.int(),
        at: timestampSchema,
        type: z.string(),
        outcome: z.enum(['success', 'failure']),
        actor: z.strictObject({ kind: z.string(), name: z.string().nullable() }),
        /** Of a refusal: with what. */
        code: z.string().nullable(),
        text: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ExceptionEvidence' });
export type ExceptionEvidence = z.output<typeof exceptionEvidenceSchema>;
