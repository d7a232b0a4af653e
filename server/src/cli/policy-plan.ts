import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { viewExceptions } from '../exceptions/index.ts';
import type { OpenDeps } from '../open-deps.ts';
import {
  type DocumentChanges,
  documentChanges,
  readInForce,
  readPolicyDocument,
  readStoredPolicy,
} from '../policy/index.ts';

/** What a command would do to a policy, worked out before it is done. */
export interface PolicyPlan {
  policy: string;
  /** The version that is in force; null: none. */
  inForce: number | null;
  /** The version that it would get; null: it would be taken out of force. */
  version: number | null;
  unchanged: boolean;
  changes: DocumentChanges;
  /** Exceptions that waive something now, from rules that would demand something else or be gone: they would end. */
  exceptions: string[];
}

const pageSize = 500;

/**
 * @param text null: the policy is to be taken out of force
 * @throws Fault policy_invalid; policy_version_unknown when there is nothing to take out of force
 */
export async function planPolicy(deps: OpenDeps, name: string, text: string | null, now: Instant): Promise<PolicyPlan> {
  const after = text === null ? null : readPolicyDocument(text);
  const { current, latest } = await readInForce(deps.store, name);
  if (text === null && current === null) throw new Fault('policy_version_unknown');
  const changes = documentChanges(current === null ? null : readStoredPolicy(current.document), after);
  return {
    policy: name,
    inForce: current?.version ?? null,
    version: text === null ? null : latest + 1,
    unchanged: current?.document === text,
    changes,
    exceptions: await dependents(
      deps,
      new Set([...changes.demands, ...changes.removed].map((id) => `${name}/${id}`)),
      now,
    ),
  };
}

async function dependents(deps: OpenDeps, rules: ReadonlySet<string>, now: Instant): Promise<string[]> {
  if (rules.size === 0) return [];
  const found: string[] = [];
  for (let before: string | undefined; ;) {
    const page = await viewExceptions(deps, { state: 'active', before, limit: pageSize }, now);
    found.push(...page.filter((each) => each.live && each.rules.some((rule) => rules.has(rule))).map(({ id }) => id));
    before = page.at(-1)?.id;
    if (page.length < pageSize) return found;
  }
}

/** The plan in words, one line for each thing that changes. */
export function sayPlan({ policy, inForce, version, unchanged, changes, exceptions }: PolicyPlan): string {
  const { settings, added, removed, demands, otherwise } = changes;
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`  ${what}: ${names.join(', ')}`];
  return [
    unchanged ? `${policy}: version ${inForce} is in force, and says exactly this` : headline(policy, inForce, version),
    ...list('settings that change', settings),
    ...list('new rules', added),
    ...list('rules that demand something else', demands),
    ...list('rules that are gone', removed),
    ...list('rules that change in words, times or severity only', otherwise),
    ...list('exceptions in force that would end', exceptions),
  ].join('\n');
}

function headline(policy: string, inForce: number | null, version: number | null): string {
  if (version === null) return `${policy}: version ${inForce} would go out of force, and no other would follow`;
  if (inForce === null) return `${policy}: version ${version}, with none in force before it`;
  return `${policy}: version ${version} after version ${inForce}`;
}
