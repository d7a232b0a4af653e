import { t } from '../../strings/index.ts';

const { scope, requests } = t.mine;

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

/** Who may approve in a stage, to whoever asks. */
export function peopleText({ groups, manager }: { groups: readonly string[] | null; manager: boolean }): string {
  const named =
    groups === null ? (manager ? [] : [requests.anyApprover]) : [requests.approversIn(groups.join(requests.or))];
  return [...(manager ? [requests.manager] : []), ...named].join(requests.or);
}
