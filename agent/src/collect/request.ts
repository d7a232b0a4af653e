import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import { checksOf, keptFor } from '../plan.ts';

/** What is to be read of this machine, for whom, and how new it must be. */
export interface CollectRequest {
  /** Ids of checks; undefined: all that there are. */
  checks: readonly string[] | undefined;
  /** By check, what a policy names. */
  targets: Readonly<Record<string, readonly string[]>>;
  identifierKey: string | null;
  /** Device minus server in milliseconds, as measured last; null before the backend was reached. */
  clockOffsetMs: number | null;
  /** Readings that may serve again are at most this old; 0: all are taken now. */
  keepForMs: number;
}

/** What a plan asks for, and no more. */
export function planned(plan: CollectionPlan | null, clockOffsetMs: number | null): CollectRequest {
  return { ...everything(plan, clockOffsetMs), checks: checksOf(plan), keepForMs: keptFor(plan) };
}

/** All that the agent can read, taken now. What the plan names is looked for as it would be sent. */
export function everything(plan: CollectionPlan | null, clockOffsetMs: number | null): CollectRequest {
  return {
    checks: undefined,
    targets: plan?.targets ?? {},
    identifierKey: plan?.identifierKey ?? null,
    clockOffsetMs,
    keepForMs: 0,
  };
}
