import { t } from '../../strings/index.ts';

const words = t.deciding.votes;

/** Whom a stage asks. */
export function peopleText({ groups, manager }: { groups: readonly string[] | null; manager: boolean }): string {
  const named = groups === null ? (manager ? [] : [words.anyApprover]) : [words.groups(groups.join(words.or))];
  return [...(manager ? [words.manager] : []), ...named].join(words.or);
}
