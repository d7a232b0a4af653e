import type { Stage } from '../plan/index.ts';
import type { Decision, ExceptionRecord } from './record.ts';

export interface Tally {
  /** Approvals that each stage has. */
  given: readonly number[];
  /** Index of the first stage that lacks some; null when none does. */
  open: number | null;
}

/**
 * Counts approvals: each person in one stage only, the first stages before the later ones. Whom a person counts for is
 * found anew each time, for somebody may have left or changed groups since: a vote moves to another stage before it is lost.
 */
export function tally(stages: readonly Stage[], votes: readonly Decision[], managerId: string | null): Tally {
  const voters = new Map(votes.filter(({ verdict }) => verdict === 'approve').map((vote) => [vote.actorId, vote]));
  const stageOf = new Map<string, number>();
  const given = stages.map((stage, index) => {
    let count = 0;
    while (count < stage.approvals && place(index, new Set())) count += 1;
    return count;
  });
  const open = stages.findIndex(({ approvals }, index) => (given[index] ?? 0) < approvals);
  return { given, open: open === -1 ? null : open };

  /** Finds one more person for a stage, who may come from another that finds somebody else in their place (Kuhn). */
  function place(index: number, tried: Set<string>): boolean {
    const stage = stages[index];
    if (stage === undefined) return false;
    for (const [actorId, vote] of voters) {
      const current = stageOf.get(actorId);
      if (current === index || tried.has(actorId) || !isEligible(stage, vote, managerId)) continue;
      tried.add(actorId);
      if (current === undefined || place(current, tried)) {
        stageOf.set(actorId, index);
        return true;
      }
    }
    return false;
  }
}

/**
 * The manager whom stages ask: none who asked for it themselves, for nobody approves what they asked for, and the stage would
 * wait for ever.
 */
export function managerAsked({
  managerId,
  requestedBy,
}: Pick<ExceptionRecord, 'managerId' | 'requestedBy'>): string | null {
  return managerId === requestedBy ? null : managerId;
}

/**
 * Whether somebody is of the people whom a stage asks for. What is for the manager alone is asked of every approver where there
 * is no manager to ask.
 */
export function isEligible(
  { groups, manager }: Pick<Stage, 'groups' | 'manager'>,
  vote: Pick<Decision, 'actorId' | 'groups' | 'counts' | 'isDecider'>,
  managerId: string | null,
): boolean {
  if (!vote.counts) return false;
  if (manager && managerId !== null && vote.actorId === managerId) return true;
  if (!vote.isDecider) return false;
  return groups === null ? !manager || managerId === null : groups.some((group) => vote.groups.includes(group));
}
