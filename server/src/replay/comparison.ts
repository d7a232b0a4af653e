import type { CompiledPolicy } from '../policy/types.ts';
import {
  collectionPlan,
  concernsResource,
  concernsSubject,
  type IdentifierWish,
  type Rulebook,
  type Subject,
  targetsOn,
} from '../policy/index.ts';

/** Policies that are judged together, and for which resource each has a say. */
export interface Part {
  /** The rulebook with these policies only. */
  rulebook: Rulebook;
  /** Whether an expression reads `resource`, so that its findings may differ by it. */
  readsResource: boolean;
  /** In the order of `Comparison.resources`. */
  concerning: readonly ReadonlySet<CompiledPolicy>[];
  /** In the same order: resources with the same number are judged alike, exceptions aside. */
  alike: readonly number[];
}

/** Two rulebooks that differ in one policy, taken apart so that what they share is judged once. */
export interface Comparison {
  /** Name of the policy that differs. */
  policy: string;
  current: Rulebook;
  draft: Rulebook;
  /** What is asked for: null, the device as such, is the first. */
  resources: readonly (string | null)[];
  /** Resources that were too many. */
  resourcesLeftOut: number;
  shared: Part;
  /** The policy as it is; empty where there is none yet. */
  before: Part;
  /** The policy as the draft has it. */
  after: Part;
  /** All policies of these parts. */
  policiesOf(parts: readonly Part[]): readonly CompiledPolicy[];
  /** The policy that the draft makes. */
  draftPolicy: CompiledPolicy;
  /** Whether devices of this subject are asked for what a rule looks at, as things stand. */
  isCollected(subject: Subject, rule: CompiledPolicy['rules'][number]): boolean;
}

/** Each costs time on each device. */
const maxResources = 64;

/**
 * @param draftPolicy the policy as it would be; takes the place of the one of its name
 * @param wish what devices are asked for beside what policies use
 */
export function compare(current: Rulebook, draftPolicy: CompiledPolicy, wish: IdentifierWish): Comparison {
  const others = current.policies.filter(({ name }) => name !== draftPolicy.name);
  const before = current.policies.filter(({ name }) => name === draftPolicy.name);
  const draft: Rulebook = { ...current, policies: [...others, draftPolicy] };
  const named = resourcesOf(current, [...others, ...before, draftPolicy]);
  const resources = [null, ...named.slice(0, maxResources)];
  const part = (policies: readonly CompiledPolicy[]) => partOf(current, policies, resources);
  return {
    policy: draftPolicy.name,
    current,
    draft,
    resources,
    resourcesLeftOut: Math.max(0, named.length - maxResources),
    shared: part(others),
    before: part(before),
    after: part([draftPolicy]),
    draftPolicy,
    policiesOf: (parts) =>
      (parts.some((each) => each.rulebook.policies.includes(draftPolicy)) ? draft : current).policies,
    isCollected: collectedBy(current, wish),
  };
}

/** Those that policies name; where one asks for tiers, also those that were given one. */
function resourcesOf({ tiers }: Rulebook, policies: readonly CompiledPolicy[]): string[] {
  const scopes = policies.map(({ document }) => document.applies_to);
  const byName = scopes.flatMap(({ resources }) => resources ?? []);
  const byTier = scopes.some((scope) => scope.resource_tiers !== undefined) || policies.some(readsResource);
  return [...new Set([...byName, ...(byTier ? [...tiers.keys()].toSorted() : [])])];
}

function partOf(rulebook: Rulebook, policies: readonly CompiledPolicy[], resources: Comparison['resources']): Part {
  const asked = resources.map((name) => (name === null ? null : { name, tier: rulebook.tiers.get(name) ?? null }));
  const reads = policies.some(readsResource);
  const concerning = asked.map(
    (resource) => new Set(policies.filter(({ document }) => concernsResource(document.applies_to, resource))),
  );
  const isSame = (left: ReadonlySet<CompiledPolicy>, right: ReadonlySet<CompiledPolicy>) =>
    left.size === right.size && [...left].every((policy) => right.has(policy));
  return {
    rulebook: { ...rulebook, policies },
    readsResource: reads,
    concerning,
    alike: concerning.map((own, index) => (reads ? index : concerning.findIndex((other) => isSame(own, other)))),
  };
}

function readsResource({ rules }: CompiledPolicy): boolean {
  return rules.some(({ usesResource }) => usesResource);
}

/** What devices are asked for is the same for all whom the same policies concern. */
function collectedBy(current: Rulebook, wish: IdentifierWish): Comparison['isCollected'] {
  const asked = new Map<string, ReturnType<typeof collectionPlan>>();
  return (subject, { document }) => {
    const applying = current.policies.flatMap((policy, index) =>
      concernsSubject(policy.document.applies_to, subject) ? [index] : [],
    );
    const key = `${subject.platform} ${applying.join()}`;
    let plan = asked.get(key);
    if (plan === undefined) {
      plan = collectionPlan(current, subject, wish);
      asked.set(key, plan);
    }
    if (!plan.checks.includes(document.check)) return false;
    const paths = targetsOn(document, subject.platform);
    const known = plan.targets[document.check] ?? [];
    return paths.every((path) => known.includes(path));
  };
}
