import { roles as allRoles, type Role } from '@postern/shared/protocol/admin';

/** The roles of a stored person, in the order of the list; what is not in the list counts for nothing. */
export function rolesOf(row: { roles: string }): Role[] {
  const stored = JSON.parse(row.roles) as string[];
  return allRoles.filter((role) => stored.includes(role));
}
