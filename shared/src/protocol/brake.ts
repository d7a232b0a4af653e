import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { readingSchema } from './reading.ts';

/** `expired`: nobody decided, and its time was over. */
export const brakeStates = ['holding', 'released', 'expired'] as const;

/** A check that stopped passing on many devices of one build at once, and is doubted before they are. */
export const brakeSchema = z
  .strictObject({
    id: idSchema('brake'),
    check: z.string(),
    platform: z.enum(platforms),
    build: z.string(),
    /** As it is at the moment of the answer. */
    state: z.enum(brakeStates),
    /** Changes to the worse from then on are held. */
    flipsSince: timestampSchema,
    openedAt: timestampSchema,
    /** From then on it holds nothing. */
    endsAt: timestampSchema,
    /** So long it can be extended to at most. */
    latestEnd: timestampSchema,
    /** How many devices had changed when it opened, and of how many of that build. */
    devices: z.int(),
    devicesOfBuild: z.int(),
    decidedBy: z.strictObject({ id: idSchema('user'), name: z.string() }).nullable(),
    decidedAt: timestampSchema.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Brake' });
export type BrakeView = z.output<typeof brakeSchema>;

/** With the devices that it is about, and for those what they reported before and report now. */
export const brakeDetailSchema = brakeSchema
  .extend({
    affected: z.array(
      z.strictObject({
        id: idSchema('device'),
        name: z.string(),
        owner: z.strictObject({ id: idSchema('user'), name: z.string() }),
        changedAt: timestampSchema,
        /** Whether it is helped now: the brake holds, and the device still does not pass. */
        held: z.boolean(),
        before: readingSchema.nullable(),
        after: readingSchema.nullable(),
      }),
    ),
    /** How many there are, listed or not. */
    affectedTotal: z.int(),
  })
  .meta({ id: 'BrakeDetail' });
export type BrakeDetail = z.output<typeof brakeDetailSchema>;

/** The readings are right: judge by them. */
export const brakeReleaseSchema = z.strictObject({ reason: humanText({ max: 1000 }) }).meta({ id: 'BrakeRelease' });

export const brakeExtensionSchema = z
  .strictObject({ until: timestampSchema, reason: humanText({ max: 1000 }) })
  .meta({ id: 'BrakeExtension' });
