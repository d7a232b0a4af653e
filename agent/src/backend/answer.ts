import { z } from 'zod';
import { failedCheckSchema } from '@postern/shared/protocol/token';
import { second } from '@postern/shared/time';
import { BackendRefusal, BackendUnreachable } from './faults.ts';
import { parseTolerantly } from './tolerant.ts';
import type { WireAnswer } from './transport.ts';

/** errorAnswerSchema with room for codes that only a newer backend knows. */
const refusalSchema = z.looseObject({
  error: z.string().max(128),
  error_code: z.string().max(128).optional(),
  error_description: z.string().max(2000).optional(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  failed_checks: z.array(failedCheckSchema).optional(),
});

/**
 * Makes of an answer what the caller asked for.
 *
 * @throws BackendRefusal when the backend says no
 * @throws BackendUnreachable when it cannot answer now, or when that is not Postern
 */
export function readAnswer<Schema extends z.ZodType>(
  answer: WireAnswer,
  schema: Schema,
  origin: string,
): z.output<Schema> {
  const json = parseJson(answer.text);
  if (answer.status >= 200 && answer.status < 300) {
    const parsed = parseTolerantly(schema, json);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new BackendUnreachable(
      `${origin} answered in a form that this agent does not know${where === '' ? '' : ` (at ${where})`}. Is it Postern, of the same version?`,
    );
  }
  const refusal = parseTolerantly(refusalSchema, json).data;
  if (refusal === undefined || answer.status < 400) {
    throw new BackendUnreachable(
      `${origin} answered with status ${answer.status} and not as Postern does. Is the address right?`,
    );
  }
  const sentence = refusal.error_description ?? refusal.error;
  // What a server cannot do now is no refusal: it may or may not have been done.
  if (answer.status >= 500) throw new BackendUnreachable(`${origin} cannot answer now: ${sentence}`, sentence);
  throw new BackendRefusal({
    status: answer.status,
    code: refusal.error_code ?? refusal.error,
    sentence,
    details: refusal.details ?? [],
    failedChecks: refusal.failed_checks ?? [],
    retryAfterMs: retryAfterOf(answer),
    answer: refusal,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9110 section 10.2.3, in seconds; the form with a date is not used by Postern. */
function retryAfterOf(answer: WireAnswer): number | null {
  const value = answer.header('retry-after');
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * second : null;
}
