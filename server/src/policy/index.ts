export { collectionPlan, type IdentifierWish } from './collection-plan.ts';
export { compilePolicy } from './compile.ts';
export { countedSince, countsAsFailing, isEnforced } from './counting.ts';
export { createCurrentPolicies, type CurrentPolicies, readRulebook } from './current.ts';
export { defaultPolicy } from './default-policy.ts';
export { describeValue } from './describe-value.ts';
export { documentChanges, type DocumentChanges } from './document-changes.ts';
export { listDrafts } from './drafts/view.ts';
export type { DocumentFault } from './document-faults.ts';
export { compileRiskCondition, type Expression } from './expression.ts';
export { ExpressionError } from './expression-error.ts';
export { evaluate, evaluateAll } from './evaluate.ts';
export { nextEpoch } from './epoch.ts';
export { trackFailing } from './failing-since.ts';
export { buildOf, type Flips, holdReadings, isHeldBy } from './hold.ts';
export { policyJsonSchema } from './json-schema.ts';
export { judge, nextChangeAt } from './judge.ts';
export { longestExceptionMs } from './limits.ts';
export { readInForce } from './publication.ts';
export { ensureDefaultPolicy, publishPolicy, retirePolicy } from './publish.ts';
export { readPolicyDocument, readStoredPolicy } from './read-document.ts';
export { policyRoutes } from './routes.ts';
export { policySchemaRoute } from './schema-route.ts';
export type { Brake } from './brake.ts';
export type { Rulebook } from './rulebook.ts';
export type { Subject } from './subject.ts';
export { concernsResource, concernsSubject } from './scope.ts';
export { targetsOn } from './targets.ts';
export { lifeWithin, tokenLife, type TokenLimits, tokenLimits } from './token-life.ts';
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
export { isLive, isOpenTo, isResolved, type VoidCause, voidCause, waiversFor } from './waive.ts';
export { type DocumentKind, readStoredDocument, readWrittenDocument } from './written-document.ts';
