export { type ApprovalPlan, approvalsOf, plainPlan, type Stage, storedPlan } from './approval-plan.ts';
export { type Asked, planRequest } from './plan-request.ts';
