import { sql } from 'kysely';
import { holding } from '../../storage/text-like.ts';
import type { Asked } from './asked.ts';

/** Exceptions about one of the same rules, or access to one of the same resources. */
export function likeness({ kind, rules, resources }: Pick<Asked, 'kind' | 'rules' | 'resources'>) {
  const names = kind === 'access' ? resources : rules;
  const column = kind === 'access' ? sql.ref('resources') : sql.ref('rules');
  // As the name stands in the JSON of the list. A backslash of JSON, or what LIKE takes for a pattern, is itself.
  const patterns = names.map((name) => holding(JSON.stringify(name)));
  const any = patterns.map((pattern) => sql<boolean>`${column} like ${pattern} escape '\\'`);
  return any.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`kind = ${kind} and (${sql.join(any, sql` or `)})`;
}
