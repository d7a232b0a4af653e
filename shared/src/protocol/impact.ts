import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { type ErrorCode, errorCodes } from './errors.ts';
import { accessRequestSchema, exceptionRequestSchema, ruleReferenceSchema } from './exception.ts';
import { resourceTiers } from './resource.ts';
import { stepUpLevels } from './step-up.ts';
import { riskSchema } from './template.ts';
import { ruleOutcomes, ruleStandings, severities } from './verdict.ts';

/** What would be asked for. Nobody has to say why before they know what it means. */
export const exceptionPreviewSchema = exceptionRequestSchema
  .omit({ stepUp: true })
  .partial({ justification: true })
  .meta({ id: 'ExceptionPreview' });

export const exceptionPreviewForSchema = exceptionPreviewSchema
  .extend({ device: idSchema('device') })
  .meta({ id: 'ExceptionPreviewFor' });

export const accessPreviewSchema = accessRequestSchema
  .omit({ stepUp: true })
  .partial({ justification: true })
  .meta({ id: 'AccessPreview' });

export const accessPreviewForSchema = accessPreviewSchema
  .extend({ device: idSchema('device') })
  .meta({ id: 'AccessPreviewFor' });

const ruleSchema = {
  rule: ruleReferenceSchema,
  title: z.string(),
  severity: z.enum(severities),
  /** The requirement in plain words. */
  expected: z.string(),
  /** What the device reported, in short; null where it reported nothing. */
  observed: z.string().nullable(),
};

/** What is known of a request before it is made, or before it is decided. Nothing was changed to find out. */
export const impactSchema = z
  .strictObject({
    /** What would be waived, and what each of them finds on the device now. */
    waived: z.array(z.strictObject({ ...ruleSchema, outcome: z.enum(ruleOutcomes) })),
    /** The other rules, which stay enforced, each with where the device stands with it. */
    enforced: z.array(z.strictObject({ ...ruleSchema, standing: z.enum(ruleStandings) })),
    /** Resources that it is for, before and after: whether there is a token, and how long one lives at most. */
    resources: z.array(
      z.strictObject({
        name: z.string(),
        tier: z.enum(resourceTiers).nullable(),
        openBefore: z.boolean(),
        openAfter: z.boolean(),
        tokenLifeSecondsBefore: z.int(),
        tokenLifeSecondsAfter: z.int(),
      }),
    ),
    /** So many more resources it is for, which are left out here. */
    moreResources: z.int(),
    /** Who is told of it, as many as there is room for. */
    told: z.strictObject({
      count: z.int(),
      people: z.array(
        z.strictObject({
          name: z.string(),
          why: z.enum(['person', 'requester', 'approver', 'manager', 'operator']),
        }),
      ),
    }),
    /** When it begins and ends if it is approved now; beginsAt is null where that is with its first use, by expiresAt at the latest. */
    time: z.strictObject({
      durationSeconds: z.int(),
      beginsAt: timestampSchema.nullable(),
      expiresAt: timestampSchema,
    }),
    /** Why nobody can approve it as things stand; null where somebody can, or nobody has to. */
    stuck: z.string().nullable().optional(),
    /** What it takes; null where that cannot be told, because of what refuses it. */
    plan: z
      .strictObject({
        template: z.strictObject({ name: z.string(), version: z.int() }).nullable(),
        stages: z.array(
          z.strictObject({
            title: z.string(),
            groups: z.array(z.string()).nullable(),
            manager: z.boolean(),
            approvals: z.int(),
          }),
        ),
        stepUp: z.strictObject({ request: z.enum(stepUpLevels), approval: z.enum(stepUpLevels) }),
        autoApprovedBy: z.string().nullable(),
        emergency: z.boolean(),
        risk: riskSchema,
        conditions: z.array(z.string()),
      })
      .nullable(),
    /** What it would be refused with as things stand; empty: nothing. */
    refusals: z.array(
      z.strictObject({
        code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
        sentence: z.string(),
        details: z.array(z.strictObject({ path: z.string(), message: z.string() })),
      }),
    ),
  })
  .meta({ id: 'Impact' });
export type Impact = z.input<typeof impactSchema>;
