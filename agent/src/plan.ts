import { findCheck } from '@postern/shared/checks/catalogue';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import { minute, second } from '@postern/shared/time';

// What a backend asks this device to report. Null stands for "it has not said so yet" throughout.

/** The one thing that is sent before a backend has said what it asks for: the answer to it says so. */
const checksBeforeAnyPlan = ['os-version'];
const longestKeptMs = 15 * minute;

/** The checks of a plan that this agent knows, in the plan's order. A newer backend may ask for others. */
export function checksOf(plan: CollectionPlan | null): readonly string[] {
  return plan === null ? checksBeforeAnyPlan : plan.checks.filter((id) => findCheck(id) !== undefined);
}

/** The paths that are named for a check. Not looked up as a member: `constructor` is one of every object. */
export function targetsOf(targets: Readonly<Record<string, readonly string[]>>, id: string): readonly string[] {
  return Object.hasOwn(targets, id) ? (targets[id] ?? []) : [];
}

/** How old a kept reading may be when it is sent: half of what the backend accepts, so that it is not too old on the way. */
export function keptFor(plan: CollectionPlan | null): number {
  return plan === null ? 0 : Math.min((plan.maxReadingAgeSeconds * second) / 2, longestKeptMs);
}

/** Whether `wanted` asks for anything that was not sent under `sent`. What is no longer asked for is no reason to report. */
export function asksForMore(wanted: CollectionPlan, sent: CollectionPlan | null): boolean {
  const sentChecks = new Set(checksOf(sent));
  const checks = checksOf(wanted);
  if (checks.some((id) => !sentChecks.has(id))) return true;
  if (checks.includes('identifiers') && wanted.identifierKey !== (sent?.identifierKey ?? null)) return true;
  return checks.some((id) => {
    const looked = new Set(targetsOf(sent?.targets ?? {}, id));
    return targetsOf(wanted.targets, id).some((path) => !looked.has(path));
  });
}
