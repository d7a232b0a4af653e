import type { Json } from '@postern/shared/canonical';
import type { Platform } from '@postern/shared/checks/define';
import type { PolicyRule } from '@postern/shared/protocol/policy';

/** The longest list of paths that a plan and a reading hold, over all rules and policies. What is beyond is not looked at, and unknown. */
export const maxTargets = 64;

/** The paths that a rule names on a system; none where it names none. */
export function targetsOn({ targets }: Pick<PolicyRule, 'targets'>, platform: Platform): readonly string[] {
  return targets?.[platform] ?? targets?.default ?? [];
}

/**
 * What a reading says of these paths alone: it also holds those that other rules name. The first path of which it says
 * nothing is `missing`: a program that nobody looked for is not one that runs.
 */
export function aboutTargets(value: Json, paths: readonly string[]): { value: Json; missing: string | undefined } {
  const seen = new Set<string>();
  const narrow = (members: Json[]) =>
    members.filter((member) => {
      const path = pathOf(member);
      if (path === undefined || !paths.includes(path)) return false;
      seen.add(path);
      return true;
    });
  const narrowed =
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value).map(([name, member]) => [name, Array.isArray(member) ? narrow(member) : member]),
        );
  return { value: narrowed, missing: paths.find((path) => !seen.has(path)) };
}

function pathOf(member: Json): string | undefined {
  const isObject = typeof member === 'object' && member !== null && !Array.isArray(member);
  return isObject && typeof member['path'] === 'string' ? member['path'] : undefined;
}
