import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanText } from '../text.ts';
import { durationSchema } from '../time.ts';
import { roles } from './admin.ts';
import { exceptionRequestSchema, exceptionSchema } from './exception.ts';
import { groupSchema } from './policy.ts';
import { stepUpAnswerSchema } from './step-up.ts';

/** So many devices may be asked for at once. */
export const mostInSet = 50;

/** The same for several devices, and whose they are: one of `devices`, `person`, `group` and `role` says which. */
export const exceptionSetBodySchema = z.strictObject({
  ...exceptionRequestSchema.shape,
  devices: z.array(idSchema('device')).min(1).max(mostInSet).optional(),
  /** Every active device of this person. */
  person: idSchema('user').optional(),
  /** Every active device of the active people in this group as it is now. Who joins later is not covered. */
  group: groupSchema.optional(),
  /** Of the active people in this role as it is now. */
  role: z.enum(roles).optional(),
});
export type ExceptionSetBody = z.infer<typeof exceptionSetBodySchema>;

export const exceptionSetRequestSchema = exceptionSetBodySchema
  .refine(
    ({ devices, person, group, role }) =>
      [devices, person, group, role].filter((each) => each !== undefined).length === 1,
    'name one of devices, person, group and role',
  )
  .meta({ id: 'ExceptionSetRequest' });

/** What was asked for together: one request for each device, which are decided one by one or together. */
export const exceptionSetSchema = z
  .strictObject({ id: idSchema('exceptionSet'), items: z.array(exceptionSchema) })
  .meta({ id: 'ExceptionSet' });

/** The requests of a set that are approved together, each as the approver saw it. */
export const exceptionSetApprovalSchema = z
  .strictObject({
    requests: z
      .array(z.strictObject({ exception: idSchema('exception'), requestHash: z.string().min(1).max(64) }))
      .min(1)
      .max(mostInSet),
    /** Shorter than what was asked for. */
    duration: durationSchema.optional(),
    reason: humanText({ max: 1000 }).optional(),
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'ExceptionSetApproval' });
export type ExceptionSetApproval = z.infer<typeof exceptionSetApprovalSchema>;

/** What became of each member: done, or why not. */
export const exceptionSetOutcomeSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        exception: idSchema('exception'),
        done: z.boolean(),
        /** The code of the refusal. */
        code: z.string().nullable(),
        sentence: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ExceptionSetOutcome' });
export type ExceptionSetOutcome = z.infer<typeof exceptionSetOutcomeSchema>;
