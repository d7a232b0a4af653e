import { deciderRoles } from '@postern/shared/protocol/admin';
import type { Kysely } from 'kysely';
import { Fault } from '@postern/shared/protocol/errors';
import type { Database } from '../../storage/database.ts';

/** Somebody who decides or revokes, as they are at that moment. */
export interface Decider {
  by: string;
  groups: readonly string[];
  /** Is an approver or an admin. */
  isDecider: boolean;
}

/** Reads who somebody is now. Throws Fault not_allowed when they are not there, or not active. */
export async function readDecider(read: Kysely<Database>, by: string): Promise<Decider> {
  const row = await read
    .selectFrom('users')
    .select(['roles', 'groups'])
    .where('id', '=', by)
    .where('active', '=', 1)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('not_allowed');
  return { by, groups: JSON.parse(row.groups) as string[], isDecider: hasDeciderRole(row.roles) };
}

/** @param roles as stored */
export function hasDeciderRole(roles: string): boolean {
  const held = JSON.parse(roles) as string[];
  return deciderRoles.some((role) => held.includes(role));
}
