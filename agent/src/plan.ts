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
  return moreAsked(wanted, sent).length > 0;
}

/** A check that is asked for now and was not, or in another way, with the paths that are new. */
export interface More {
  check: string;
  paths: readonly string[];
}

/** What `wanted` asks for beyond what was asked for before. */
export function moreAsked(wanted: CollectionPlan, before: CollectionPlan | null): More[] {
  const known = new Set(checksOf(before));
  return checksOf(wanted).flatMap((check) => {
    const looked = new Set(targetsOf(before?.targets ?? {}, check));
    const paths = targetsOf(wanted.targets, check).filter((path) => !looked.has(path));
    const isOther = check === 'identifiers' && wanted.identifierKey !== (before?.identifierKey ?? null);
    return !known.has(check) || isOther || paths.length > 0 ? [{ check, paths }] : [];
  });
}
