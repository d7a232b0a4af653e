import { t } from '../../strings/index.ts';

const { scope } = t.mine;
const { votes } = t.deciding;

/** What an exception or access is for. */
export interface Scope {
  rules: readonly string[];
  resources: readonly string[];
  /** Of temporary access. */
  role: string | null;
}

/** What is asked for, in short, as it stands within a sentence. */
export function scopeText({ rules, resources, role }: Scope): string {
  if (role !== null) return scope.access(resources.join(', '), role);
  return resources.length === 0 ? scope.rules(rules.join(', ')) : scope.only(rules.join(', '), resources.join(', '));
}

/** The same where it stands by itself. */
export function scopeTitle(of: Scope): string {
  const text = scopeText(of);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Whom a stage asks.
 *
 * @param manager what the manager is called: to whoever asks, it is theirs
 */
export function peopleText(
  stage: { groups: readonly string[] | null; manager: boolean },
  manager: string = votes.manager,
): string {
  const { groups } = stage;
  const approvers = groups === null ? votes.anyApprover : votes.groups(groups.join(votes.or));
  if (!stage.manager) return approvers;
  return groups === null ? manager : `${manager}${votes.or}${approvers}`;
}
