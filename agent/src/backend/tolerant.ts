import type { z } from 'zod';

/**
 * Parses an answer and leaves out the members that this agent does not know: a newer backend says more, and an agent must
 * live on until it is updated. What it does know must be of the right form.
 */
export function parseTolerantly<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed;
  const unknownMembers = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  for (const { path, keys } of unknownMembers) {
    const owner = memberAt(json, path);
    for (const key of keys) if (owner !== undefined) Reflect.deleteProperty(owner, key);
  }
  return unknownMembers.length === 0 ? parsed : schema.safeParse(json);
}

function memberAt(json: unknown, path: readonly PropertyKey[]): object | undefined {
  let member: unknown = json;
  for (const name of path) {
    if (typeof member !== 'object' || member === null || !Object.hasOwn(member, name)) return undefined;
    member = Reflect.get(member, name);
  }
  return typeof member === 'object' && member !== null ? member : undefined;
}
