import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Role } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';
import { holding, isLike } from '../storage/text-like.ts';
import { userView } from './read-user.ts';

export interface UserFilter {
  /** Part of a name or an address, or a whole id. */
  q?: string | undefined;
  role?: Role | undefined;
  group?: string | undefined;
  active?: boolean | undefined;
  manager?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** People by name. */
export async function listUsers({ store }: Pick<Deps, 'store'>, filter: UserFilter) {
  const rows = await matching(store.read, filter);
  const items = rows.slice(0, filter.limit).map(userView);
  const last = items.at(-1);
  return { items, next: rows.length > filter.limit && last !== undefined ? cursorOf(last) : null };
}

function matching(read: Kysely<Database>, filter: UserFilter): Promise<Database['users'][]> {
  const { q, role, group, active, manager, after, limit } = filter;
  let query = read
    .selectFrom('users')
    .selectAll()
    .orderBy('name')
    .orderBy('id')
    .limit(limit + 1);
  if (role !== undefined) query = query.where('roles', 'like', `%"${role}"%`);
  // A member of a JSON list: what stands within the quotes, with what JSON and LIKE escape.
  if (group !== undefined) query = query.where(contains('groups', JSON.stringify(group)));
  if (active !== undefined) query = query.where('active', '=', active ? 1 : 0);
  if (manager !== undefined) query = query.where('manager_id', '=', manager);
  if (q !== undefined)
    query = query.where((where) => where.or([where('id', '=', q), isLike('name', q), isLike('email', q)]));
  if (after !== undefined) {
    const [name, id] = readCursor(after);
    query = query.where((where) =>
      where.or([where('name', '>', name), where.and([where('name', '=', name), where('id', '>', id)])]),
    );
  }
  return query.execute();
}

const contains = (column: 'groups', text: string) => sql<boolean>`${sql.ref(column)} like ${holding(text)} escape '\\'`;

/** Where a page ends: names are not unique. */
function cursorOf({ name, id }: { name: string; id: string }): string {
  return Buffer.from(JSON.stringify([name, id]), 'utf8').toString('base64url');
}

// Text that no database holds would be an error of ours.
const cursorText = z.string().refine((text) => !text.includes('\0'));
const cursorSchema = z.tuple([cursorText, cursorText]);

function readCursor(text: string): [string, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    const details = [{ path: 'query.after', message: 'must be the next of a page before' }];
    throw new Fault('malformed_request', { details, cause });
  }
}
