import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import type { Platform } from '@postern/shared/checks/define';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import { type DocumentFault, found, systemsOf } from './document-faults.ts';
import { maxTargets, targetsOn } from './targets.ts';

/** What is wrong with the paths that rules name, or do not. */
export function targetFaults(document: PolicyDocument): DocumentFault[] {
  const { platforms } = document.applies_to;
  return [...document.rules.flatMap((rule, index) => ruleFaults(rule, platforms, index)), ...tooMany(document)];
}

function ruleFaults(
  rule: PolicyRule,
  platforms: PolicyDocument['applies_to']['platforms'],
  index: number,
): DocumentFault[] {
  const check = findCheck(rule.check);
  if (check === undefined) return [];
  const { targets } = rule;
  if (check.targets === undefined) {
    const takers = catalogue.filter((each) => each.targets !== undefined).map(({ id }) => id);
    return found(
      ['rules', index, 'targets'],
      targets === undefined ? undefined : `are for ${takers.join(' and ')} only: ${check.id} names nothing to look at`,
    );
  }
  if (targets === undefined)
    return found(['rules', index, 'check'], `${check.id} looks at what the rule names and nothing else: add targets`);
  const at = systemsOf(rule, platforms);
  const none = at.length > 0 && at.every((system) => targetsOn(rule, system).length === 0);
  const strange = at.flatMap((system) =>
    (targets[system] ?? []).flatMap((path, place) =>
      found(
        ['rules', index, 'targets', system, place],
        isPathOf(system, path) ? undefined : `is not an absolute path on ${system}`,
      ),
    ),
  );
  return [
    ...found(['rules', index, 'targets'], none ? 'names nothing for the systems that the rule applies to' : undefined),
    ...strange,
  ];
}

function isPathOf(system: Platform, path: string): boolean {
  return path.startsWith('/') === (system !== 'windows');
}

/** Over all rules of the document: a device looks at so many paths and no more. */
function tooMany({ rules, applies_to: { platforms } }: PolicyDocument): DocumentFault[] {
  const seen = new Map<string, Set<string>>();
  return rules.flatMap((rule, index) =>
    systemsOf(rule, platforms).flatMap((system) => {
      const key = `${rule.check} on ${system}`;
      const before = seen.get(key) ?? new Set<string>();
      const now = new Set([...before, ...targetsOn(rule, system)]);
      seen.set(key, now);
      const isFirst = before.size <= maxTargets && now.size > maxTargets;
      return found(
        ['rules', index, 'targets'],
        isFirst ? `makes it more than ${maxTargets} paths for ${key} in this policy` : undefined,
      );
    }),
  );
}
