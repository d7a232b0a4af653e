import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { exceptionSchema, ruleReferenceSchema } from './exception.ts';

export const reviewKinds = ['emergency', 'exception', 'rule'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

/** What may be decided, by kind. `repudiated` and `end` end the exception at once; `change` is for who writes the policy. */
export const reviewVerdicts = {
  emergency: ['ratified', 'repudiated'],
  exception: ['keep', 'end'],
  rule: ['keep', 'change'],
} as const satisfies Record<ReviewKind, readonly string[]>;
const verdicts = ['ratified', 'repudiated', 'keep', 'end', 'change'] as const;
export type ReviewVerdict = (typeof verdicts)[number];

/** `overdue` is open too. */
export const reviewStates = ['open', 'overdue', 'decided'] as const;

const personSchema = z.strictObject({ id: idSchema('user'), name: z.string() });

/** What somebody has to look at, by when. */
export const reviewSchema = z
  .strictObject({
    id: idSchema('review'),
    kind: z.enum(reviewKinds),
    /** An exception, or a rule. */
    subject: z.union([idSchema('exception'), ruleReferenceSchema]),
    /** Whose emergency or exception it was. */
    person: personSchema.nullable(),
    reason: z.string(),
    /** As it is at the moment of the answer. */
    state: z.enum(reviewStates),
    /** Who was asked. Empty: every approver. Others who may approve, and have no part in it, may decide too. */
    reviewers: z.array(personSchema),
    openedAt: timestampSchema,
    dueAt: timestampSchema,
    decidedAt: timestampSchema.nullable(),
    /** Null where nobody had to: what it was about ended by itself. */
    decidedBy: personSchema.nullable(),
    verdict: z.enum(verdicts).nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Review' });
export type ReviewView = z.output<typeof reviewSchema>;

/** With what is to be looked at. */
export const reviewDetailSchema = reviewSchema
  .extend({
    /** Whether whoever asks may decide it. */
    mayDecide: z.boolean(),
    /** The exception as it is now, and of its extensions the last. */
    exception: exceptionSchema.nullable(),
    /** How many tokens were issued under it, as far as they are still known one by one. */
    tokens: z.int().nullable(),
    /** Why the rule was thought too strict, as it was measured last. */
    measured: z.string().nullable(),
  })
  .meta({ id: 'ReviewDetail' });
export type ReviewDetail = z.output<typeof reviewDetailSchema>;

export const reviewDecisionSchema = z
  .strictObject({ verdict: z.enum(verdicts), note: humanText({ max: 1000 }) })
  .meta({ id: 'ReviewDecision' });
