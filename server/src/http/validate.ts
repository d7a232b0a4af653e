import type { z } from 'zod';
import { Fault, type FaultDetail } from '@postern/shared/protocol/errors';

const maxDetails = 20;

/**
 * Parses one part of a request. What is wrong is told by place and rule; the value that was sent is never
 * repeated, because it may be a secret in the wrong field or text that attacks whoever reads it.
 *
 * @throws Fault `malformed_request`
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'params' | 'query' | 'body',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault('malformed_request', { details: detailsOf(result.error, where) });
}

function detailsOf(error: z.ZodError, where: string): FaultDetail[] {
  return error.issues.slice(0, maxDetails).map((issue) => ({
    path: clean([where, ...issue.path.map(String)].join('.'), 200),
    message:
      issue.code === 'unrecognized_keys'
        ? `has members that are not known: ${clean(issue.keys.join(', '), 100)}`
        : clean(issue.message, 200),
  }));
}

/** Names of members come from outside too: one line of plain characters, bounded. */
function clean(text: string, max: number): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, max);
}
