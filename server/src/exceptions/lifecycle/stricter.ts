import { type Authn, stepUpLevels, type StepUpLevel } from '@postern/shared/protocol/step-up';
import { type ApprovalPlan, peopleOf, type Stage } from '../plan/index.ts';

/**
 * What it takes to grant a request, by what was asked of it when it came in and by what would be asked of it now: the
 * stricter of each. Nobody gets off lightly for having asked early, or for having waited.
 */
export function stricter(before: ApprovalPlan, now: ApprovalPlan): ApprovalPlan {
  return {
    ...before,
    stages: both(before.stages, now.stages),
    stepUp: {
      request: higher(before.stepUp.request, now.stepUp.request),
      approval: higher(before.stepUp.approval, now.stepUp.approval),
    },
    maxDurationMs: Math.min(before.maxDurationMs, now.maxDurationMs),
    maxTotalMs: Math.min(before.maxTotalMs, now.maxTotalMs),
    useWithinMs: Math.min(before.useWithinMs, now.useWithinMs),
    risk: now.risk.score > before.risk.score ? now.risk : before.risk,
    conditions: [...new Set([...before.conditions, ...now.conditions])],
  };
}

/** The stronger of two proofs. */
export function higher(left: StepUpLevel, right: StepUpLevel): StepUpLevel {
  return stepUpLevels.indexOf(left) > stepUpLevels.indexOf(right) ? left : right;
}

/** Whether what somebody showed is as good as what is demanded. */
export function isEnough(shown: Authn | null, demanded: StepUpLevel): boolean {
  return demanded === 'none' || (shown !== null && higher(shown.level, demanded) === shown.level);
}

/**
 * All that either asks for, once where both ask for the same people: as many approvals by others are not what the
 * security group gives, which is asked now.
 */
function both(before: readonly Stage[], now: readonly Stage[]): Stage[] {
  const left = [...now];
  const kept = before.map((stage) => {
    const index = left.findIndex((each) => peopleOf(each) === peopleOf(stage));
    const [other] = index === -1 ? [] : left.splice(index, 1);
    return other !== undefined && other.approvals > stage.approvals ? other : stage;
  });
  return [...kept, ...left];
}
