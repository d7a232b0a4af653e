import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanText, writtenDocument } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { type ErrorCode, errorCodes } from './errors.ts';
import { stepUpAnswerSchema } from './step-up.ts';

/** `published`: approved and carried out, also when that took the policy out of force. */
export const policyDraftStates = ['draft', 'submitted', 'published', 'discarded'] as const;
export type PolicyDraftState = (typeof policyDraftStates)[number];

/** `retire` takes the policy out of force instead of publishing a version. */
export const policyDraftActions = ['publish', 'retire'] as const;
export type PolicyDraftAction = (typeof policyDraftActions)[number];

const documentText = writtenDocument({ max: 65_536 });
const noteText = humanText({ max: 1000 });
/** The version of the draft that was read; refused with `conflict` when somebody changed it since. */
const version = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** A document that is not finished may be saved: its faults are listed, and it cannot be submitted. */
export const newPolicyDraftSchema = z
  .strictObject({ document: documentText, note: noteText.optional() })
  .meta({ id: 'NewPolicyDraft' });

export const policyDraftEditSchema = newPolicyDraftSchema.extend({ version }).meta({ id: 'PolicyDraftEdit' });

export const policyDraftSubmissionSchema = z.strictObject({ version }).meta({ id: 'PolicyDraftSubmission' });

export const policyDraftApprovalSchema = z
  .strictObject({
    /** SHA-256 of the document that the approver read: an approval is for exactly that text. */
    documentHash: z.string().max(64),
    version,
    /** Of the only admin there is. */
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'PolicyDraftApproval' });

export const policyDraftDiscardSchema = z
  .strictObject({ version, reason: noteText.optional() })
  .meta({ id: 'PolicyDraftDiscard' });

export const policyRollbackSchema = z
  .strictObject({
    /** The version whose document is to be in force again, as a new version. */
    version,
    reason: noteText,
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'PolicyRollback' });

export const policyRetirementSchema = z
  .strictObject({ reason: noteText, stepUp: stepUpAnswerSchema.optional() })
  .meta({ id: 'PolicyRetirement' });

const personSchema = z.strictObject({ id: idSchema('user'), name: z.string() });

export const policyDraftSummarySchema = z
  .strictObject({
    id: idSchema('policyDraft'),
    action: z.enum(policyDraftActions),
    /** Null while the document names none that could be read. */
    policy: z.string().nullable(),
    state: z.enum(policyDraftStates),
    note: z.string().nullable(),
    documentHash: z.string(),
    /** The version that was in force when it was last edited; 0: none. */
    baseVersion: z.int(),
    /** Another version is in force by now: it has to be edited before it can be approved. */
    outdated: z.boolean(),
    createdBy: personSchema,
    createdAt: timestampSchema,
    editedBy: personSchema,
    editedAt: timestampSchema,
    submittedAt: timestampSchema.nullable(),
    decidedBy: personSchema.nullable(),
    decidedAt: timestampSchema.nullable(),
    /** The version that came of it; null too when it took the policy out of force. */
    publishedVersion: z.int().nullable(),
    version: z.int(),
  })
  .meta({ id: 'PolicyDraftSummary' });

export const policyDraftSchema = policyDraftSummarySchema
  .extend({
    document: z.string(),
    /** What it is compared with; null for a new policy. */
    base: z.strictObject({ version: z.int(), document: z.string() }).nullable(),
    /** What keeps the document from being submitted. */
    faults: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    /**
     * Rules of the version that it is compared with that would demand something else or be gone: exceptions from them
     * would end. Null where that cannot be told, because one of the two has faults.
     */
    changedRules: z.array(z.string()).nullable(),
    /** Everybody who wrote any of it. None of them may approve it, unless there is only one admin at all. */
    authors: z.array(personSchema),
    /** There are other admins: one of them has to approve it. */
    needsApproval: z.boolean(),
    /** Whether whoever asks may approve it now; if not, why. */
    approval: z.strictObject({
      allowed: z.boolean(),
      why: z.strictObject({ code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]), sentence: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'PolicyDraft' });

export type PolicyDraft = z.input<typeof policyDraftSchema>;
export type PolicyDraftSummary = z.input<typeof policyDraftSummarySchema>;
