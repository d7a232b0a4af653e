export { compilePolicy } from './compile.ts';
export { createCurrentPolicies, type CurrentPolicies } from './current.ts';
export { defaultPolicy } from './default-policy.ts';
export { evaluate, evaluateAll } from './evaluate.ts';
export { trackFailing } from './failing-since.ts';
export { countsAsFailing, judge, nextChangeAt } from './judge.ts';
export { longestExceptionMs } from './limits.ts';
export { ensureDefaultPolicy, publishPolicy } from './publish.ts';
export { readPolicyDocument } from './read-document.ts';
export { policyRoutes } from './routes.ts';
export { tokenLife } from './token-life.ts';
export type {
  CompiledPolicy,
  CompiledRule,
  ExceptionFacts,
  FailingSince,
  ObservedRule,
  RuleFinding,
  RuleReference,
  Waiver,
} from './types.ts';
export { isLive, isResolved, type VoidCause, voidCause, waiversFor } from './waive.ts';
