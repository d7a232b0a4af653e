import { z } from 'zod';
import { type ErrorCode, errorCodes, errorKinds, type Fault } from './errors.ts';

/**
 * The body of every refusal. `error` is the code that an RFC names where one does, otherwise
 * Postern's own; `error_code` is always Postern's own, one for each cause.
 */
export const errorAnswerSchema = z
  .object({
    error: z.string(),
    error_code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
    error_description: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Error' });

export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;

/** Turns a refusal into the body that the caller reads. */
export function toErrorAnswer(fault: Fault): ErrorAnswer {
  return {
    ...fault.members,
    error: errorKinds[fault.code].oauth ?? fault.code,
    error_code: fault.code,
    error_description: errorKinds[fault.code].sentence,
    ...(fault.details.length > 0 ? { details: fault.details } : {}),
  };
}
