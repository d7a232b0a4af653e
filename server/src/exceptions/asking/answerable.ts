import type { Kysely } from 'kysely';
import type { Database } from '../../storage/database.ts';
import { hasDeciderRole } from '../deciding/decider.ts';
import type { Decision, ExceptionRecord } from '../lifecycle/record.ts';
import { managerAsked, tally } from '../lifecycle/tally.ts';

type Waiting = Pick<ExceptionRecord, 'plan' | 'personId' | 'requestedBy' | 'managerId'>;

/** Somebody who may have a vote. */
export type Voter = Pick<Decision, 'actorId' | 'groups' | 'isDecider'>;

/**
 * Why a request waits in vain: who is there, and may decide it, is not enough for one of its stages, if all of them agreed.
 * Null where they are. Pure.
 *
 * @param ownerId whose device it is now
 */
export function unanswerable(request: Waiting, ownerId: string, people: readonly Voter[]): string | null {
  const { plan, personId, requestedBy } = request;
  const votes = people
    .filter(({ actorId }) => ![personId, requestedBy, ownerId].includes(actorId))
    .map(({ actorId, groups, isDecider }): Decision => {
      return { actorId, groups, isDecider, verdict: 'approve', counts: true };
    });
  const { given, open } = tally(plan.stages, votes, managerAsked(request));
  const stage = open === null ? undefined : plan.stages[open];
  if (open === null || stage === undefined) return null;
  const there = given[open] ?? 0;
  const missing = there === 0 ? 'nobody' : `only ${there}`;
  return `As things stand it waits in vain: "${stage.title}" takes ${stage.approvals}, and there is ${missing} to give it.`;
}

/** Everybody who may have a vote: active approvers and admins, and the manager. */
export async function readVoters(read: Kysely<Database>, managerId: string | null): Promise<Voter[]> {
  const rows = await read
    .selectFrom('users')
    .select(['id', 'roles', 'groups'])
    .where('active', '=', 1)
    .where((where) =>
      where.or([
        where('roles', 'like', '%"approver"%'),
        where('roles', 'like', '%"admin"%'),
        where('id', '=', managerId ?? ''),
      ]),
    )
    .execute();
  return rows.map(({ id, roles, groups }) => ({
    actorId: id,
    isDecider: hasDeciderRole(roles),
    groups: JSON.parse(groups) as string[],
  }));
}
