import { sql } from 'kysely';
import { roles as allRoles, type Role } from '@postern/shared/protocol/admin';

/** The roles of a stored person, in the order of the list; what is not in the list counts for nothing. */
export function rolesOf(row: { roles: string }): Role[] {
  const stored = JSON.parse(row.roles) as string[];
  return allRoles.filter((role) => stored.includes(role));
}

/** Leaves out those who are employees and nothing else, to the letter as the index on the others has it. */
export const hasMoreRoles = sql<boolean>`users.roles <> '["employee"]'`;
