import type { StepUpLevel } from '@postern/shared/protocol/step-up';
import type { Risk } from '@postern/shared/protocol/template';

/** Approvals that one kind of people must give. */
export interface Stage {
  title: string;
  /** Null: every approver, unless it is for the manager. */
  groups: readonly string[] | null;
  /** The manager of the person whom it is for may give one. */
  manager: boolean;
  approvals: number;
}

/** What it takes to grant a request, and why: made when it is asked for, and again at every approval, when it may only get stricter. */
export interface ApprovalPlan {
  template: { name: string; version: number } | null;
  /** One after the other. Empty only where a condition of the template approves by itself, or in an emergency. */
  stages: readonly Stage[];
  stepUp: { request: StepUpLevel; approval: StepUpLevel };
  /** Title of the condition that approves it without a person; null: people do. */
  autoApprovedBy: string | null;
  maxDurationMs: number;
  maxTotalMs: number;
  begins: 'approval' | 'first-use';
  /** With `first-use`: how long after the approval that may be. */
  useWithinMs: number;
  emergency: boolean;
  /** People in these groups may end it, besides those who may anyway. */
  operators: readonly string[];
  risk: Risk;
  /** Titles of the conditions that counted. */
  conditions: readonly string[];
}

/** Whom a stage asks for, to be compared. */
export function peopleOf({ groups, manager }: Pick<Stage, 'groups' | 'manager'>): string {
  return JSON.stringify([groups?.toSorted() ?? null, manager]);
}

/** How many people have to approve in all; at least one in the books, also where a rule of the template did. */
export function approvalsOf({ stages }: Pick<ApprovalPlan, 'stages'>): number {
  return Math.max(
    1,
    stages.reduce((sum, { approvals }) => sum + approvals, 0),
  );
}

/** Of a request that no template is about, and of those from before there were templates. */
export function plainPlan(approvals: number): ApprovalPlan {
  return {
    template: null,
    stages: [{ title: 'Approval', groups: null, manager: false, approvals }],
    stepUp: { request: 'none', approval: 'none' },
    autoApprovedBy: null,
    maxDurationMs: Number.MAX_SAFE_INTEGER,
    maxTotalMs: Number.MAX_SAFE_INTEGER,
    begins: 'approval',
    useWithinMs: 0,
    emergency: false,
    operators: [],
    risk: { score: 0, inputs: [] },
    conditions: [],
  };
}

/** The plan as it is stored with a request. What has none is from before there were any. */
export function storedPlan(stored: string, approvalsNeeded: number): ApprovalPlan {
  return { ...plainPlan(approvalsNeeded), ...(JSON.parse(stored) as Partial<ApprovalPlan>) };
}
