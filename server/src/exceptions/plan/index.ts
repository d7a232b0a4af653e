export { type ApprovalPlan, approvalsOf, peopleOf, plainPlan, type Stage, storedPlan } from './approval-plan.ts';
export type { Asked } from './asked.ts';
export { planRequest } from './plan-request.ts';
