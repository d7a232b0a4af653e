import { type Authn, stepUpLevels, type StepUpLevel } from '@postern/shared/protocol/step-up';
import type { ApprovalPlan, Stage } from './plan/index.ts';

/**
 * What it takes to grant a request, by what was asked of it when it came in and by what would be asked of it now: the
 * stricter of each. Nobody gets off lightly for having asked early, or for having waited.
 */
export function stricter(before: ApprovalPlan, now: ApprovalPlan): ApprovalPlan {
  const isMore = approvalsIn(now.stages) > approvalsIn(before.stages);
  return {
    ...before,
    stages: isMore ? now.stages : before.stages,
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

function approvalsIn(stages: readonly Stage[]): number {
  return stages.reduce((sum, { approvals }) => sum + approvals, 0);
}
