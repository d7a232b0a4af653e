import { z } from 'zod';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';

/** Why a check has no answer. Unknown is never false and never true: the reason says what to do about it. */
export const unknownReasons = [
  'tool-absent',
  'permission-denied',
  'refused',
  'timed-out',
  'output-unreadable',
  'not-in-user-session',
  'no-data',
  'failed',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** Why a check cannot have an answer on this kind of machine. */
export const unsupportedReasons = ['platform', 'container', 'hardware-absent', 'edition'] as const;
export type UnsupportedReason = (typeof unsupportedReasons)[number];

const provenance = {
  /** How it was read: a file, or a command with its arguments. Never its output. */
  method: humanText({ max: 200 }),
  privilege: z.enum(['user', 'root']),
  collectedAt: timestampSchema,
};

const detail = humanText({ min: 0, max: 300 });

/** The envelope of one check's result on one device. The value's own schema is the check's (see checks/). */
export const readingSchema = z
  .discriminatedUnion('status', [
    z.strictObject({ status: z.literal('ok'), value: z.json(), ...provenance }),
    z.strictObject({ status: z.literal('unknown'), reason: z.enum(unknownReasons), detail, ...provenance }),
    z.strictObject({ status: z.literal('unsupported'), reason: z.enum(unsupportedReasons), detail, ...provenance }),
  ])
  .meta({ id: 'Reading', description: "One check's result on one device" });

export type Reading = z.infer<typeof readingSchema>;
export type Readings = Record<string, Reading>;
