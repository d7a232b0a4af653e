import { roles as allRoles, type Role } from '@postern/shared/protocol/admin';
import type { SignInProvider } from '../../config.ts';

export interface Standing {
  roles: readonly Role[];
  groups: readonly string[];
}

/** As many as a person may be in here. */
const mostGroups = 100;

/**
 * What somebody is after a sign-in, by the groups that the provider says they are in. Roles and groups that the provider
 * answers for come and go with it; what was given here stays.
 */
export function standingOf(
  { roles: byGroup, groups: taken }: Pick<SignInProvider, 'roles' | 'groups'>,
  before: Standing,
  said: readonly string[],
): Standing {
  const answered = new Set(Object.values(byGroup).flat());
  const given = new Set(Object.entries(byGroup).flatMap(([group, roles]) => (said.includes(group) ? roles : [])));
  const roles = allRoles.filter((role) => given.has(role) || (before.roles.includes(role) && !answered.has(role)));
  const isTaken = (group: string) => taken === 'all' || taken.includes(group);
  const groups = new Set([...before.groups.filter((group) => !isTaken(group)), ...said.filter(isTaken)]);
  return {
    // Nobody is without any: whoever may do nothing more is an employee.
    roles: roles.length === 0 ? ['employee'] : roles,
    groups: [...groups].slice(0, mostGroups),
  };
}

export function isSameStanding(left: Standing, right: Standing): boolean {
  const same = (a: readonly string[], b: readonly string[]) =>
    a.length === b.length && a.every((each) => b.includes(each));
  return same(left.roles, right.roles) && same(left.groups, right.groups);
}
