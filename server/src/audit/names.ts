import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.ts';

interface Named {
  actor: { kind: string; id: string | null };
  subject: { kind: string; id: string } | null;
}

const tables = { person: 'users', device: 'devices', gateway: 'gateways' } as const;
const atOnce = 500;

/** What people call actors and subjects today: the log has ids only, because names can be changed and have to be erased. */
export async function withNames<Entry extends Named>(read: Kysely<Database>, entries: readonly Entry[]) {
  const ids = new Map<string, Set<string>>();
  for (const { actor, subject } of entries)
    for (const each of [actor, subject]) {
      const table = each === null ? undefined : tableOf(each.kind);
      if (table === undefined || each?.id === null || each?.id === undefined) continue;
      ids.set(table, (ids.get(table) ?? new Set()).add(each.id));
    }
  const names = new Map<string, string>();
  for (const [table, wanted] of ids)
    for (const rows of await Promise.all(
      portions([...wanted]).map((some) =>
        read
          .selectFrom(table as 'users')
          .select(['id', 'name'])
          .where('id', 'in', some)
          .execute(),
      ),
    ))
      for (const { id, name } of rows) names.set(`${table} ${id}`, name);
  const nameOf = (each: { kind: string; id: string | null } | null) =>
    each === null ? null : (names.get(`${tableOf(each.kind)} ${each.id}`) ?? null);
  return entries.map((entry) => ({ ...entry, actorName: nameOf(entry.actor), subjectName: nameOf(entry.subject) }));
}

function tableOf(kind: string) {
  return Object.hasOwn(tables, kind) ? tables[kind as keyof typeof tables] : undefined;
}

function portions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, index) =>
    ids.slice(index * atOnce, (index + 1) * atOnce),
  );
}
