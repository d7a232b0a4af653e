import { deciderRoles } from '@postern/shared/protocol/admin';
import { hasMoreRoles } from '../identity/index.ts';
import type { Read } from './chain.ts';

/** Where more could be asked, all are. */
const mostNamed = 50;

interface Person {
  id: string;
  roles: readonly string[];
}

/** Those who may be asked: active approvers and admins. */
export async function readCandidates(read: Read): Promise<Person[]> {
  const rows = await read
    .selectFrom('users')
    .select(['id', 'roles'])
    .where('active', '=', 1)
    .where(hasMoreRoles)
    .orderBy('id')
    .execute();
  return rows
    .map(({ id, roles }) => ({ id, roles: JSON.parse(roles) as string[] }))
    .filter(({ roles }) => deciderRoles.some((role) => roles.includes(role)));
}

/**
 * Who is asked to review: the approvers who have no part in it, and where there is none of them the admins. Empty: everybody
 * who may, which is also said when nobody is left, so that it shows and is overdue rather than gone.
 */
export function chooseReviewers(candidates: readonly Person[], parties: ReadonlySet<string>): string[] {
  const free = candidates.filter(({ id }) => !parties.has(id));
  const approvers = free.filter(({ roles }) => roles.includes('approver'));
  const chosen = (approvers.length > 0 ? approvers : free).map(({ id }) => id);
  return chosen.length > mostNamed ? [] : chosen;
}
