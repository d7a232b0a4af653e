import { catalogue } from '@postern/shared/checks/catalogue';
import { identifiers } from '@postern/shared/checks/identifiers';
import { osVersion } from '@postern/shared/checks/os-version';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import { second } from '@postern/shared/time';
import { isEnforced } from './counting.ts';
import type { Rulebook } from './rulebook.ts';
import type { Subject } from './subject.ts';
import { concernsSubject } from './scope.ts';
import { maxTargets, targetsOn } from './targets.ts';
import type { CompiledRule } from './types.ts';

/** How the organisation wants hardware identifiers: as they are, as keyed hashes, or only where a policy uses them. */
export interface IdentifierWish {
  identifiers: 'plain' | 'keyed' | 'off';
  identifierKey: string | null;
}

/** Where no policy applies there is nothing to be fresh for. */
const longestAgeMs = 3600 * second;

/**
 * What a device is asked to collect: the checks of the rules that may apply to it, whatever resource they are for and whether
 * they are enforced or only watched. Beside them os-version, which says what all else is read on, and (unless switched off) the identifiers, by which a copied key is found.
 */
export function collectionPlan(
  { policies }: Pick<Rulebook, 'policies'>,
  subject: Subject,
  wish: IdentifierWish,
): CollectionPlan {
  const applying = policies.filter(({ document }) => concernsSubject(document.applies_to, subject));
  const rules = applying
    .flatMap((policy) => policy.rules.filter((rule) => mayApply(rule, subject)))
    .map(({ document }) => document);
  const used = new Set(rules.map(({ check }) => check));
  used.add(osVersion.id);
  if (wish.identifiers !== 'off') used.add(identifiers.id);

  const targets: Record<string, string[]> = {};
  for (const rule of rules) {
    const paths = targetsOn(rule, subject.platform);
    if (paths.length > 0) targets[rule.check] = [...new Set([...(targets[rule.check] ?? []), ...paths])];
  }
  return {
    checks: catalogue.map(({ id }) => id).filter((id) => used.has(id)),
    targets: Object.fromEntries(
      Object.entries(targets).map(([check, paths]) => [check, paths.slice(0, maxTargets).toSorted()]),
    ),
    maxReadingAgeSeconds: Math.floor(
      Math.min(longestAgeMs, ...applying.filter(isEnforced).map(({ maxAgeMs }) => maxAgeMs)) / second,
    ),
    identifierKey: wish.identifiers === 'keyed' ? wish.identifierKey : null,
  };
}

/** A condition on the clock may come true before the next plan; one on the resource, with the next token. */
function mayApply(rule: CompiledRule, subject: Subject): boolean {
  const { platforms, targets } = rule.document;
  const { platform } = subject;
  if (platforms?.includes(platform) === false) return false;
  if (targets !== undefined && targetsOn(rule.document, platform).length === 0) return false;
  return rule.usesNow || rule.applies({ subject, resource: 'any', release: null, now: 0 });
}
