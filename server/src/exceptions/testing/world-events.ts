import { hour, type Instant } from '@postern/shared/time';
import {
  type Badness,
  guard,
  instantsAhead,
  manager,
  one,
  owner,
  type Person,
  people,
  step,
  two,
  type WishName,
  type World,
} from './world.ts';

/** What happens to one exception. */
export type OnOne =
  | { do: 'approve'; id: string; by: Person; how: 'whole' | 'shorter' | 'longer' | 'narrower' | 'stale'; hash?: string }
  | { do: 'deny' | 'withdraw' | 'relinquish' | 'revoke'; id: string; by: Person }
  | { do: 'edit'; id: string; by: Person; to: 'shorter' | 'other'; rules: readonly string[] }
  | { do: 'extend'; id: string };

/** What can happen in the small world. */
export type Happening =
  | OnOne
  | { do: 'ask'; what: WishName; by: Person }
  | { do: 'pass'; to: Instant }
  | { do: 'report'; badness: Readonly<Record<string, Badness>> }
  | { do: 'use' | 'token' | 'sweep' | 'another key' | 'another rule' | 'ann leaves' | 'ann returns' }
  | { do: 'ann manages' | 'nobody manages' };

const reports: readonly Readonly<Record<string, Badness>>[] = [
  { [one]: 1, [two]: 1 },
  { [one]: 0, [two]: 1 },
  { [one]: 0, [two]: 0 },
  { [one]: 2, [two]: 1 },
];

/** Everything that can happen next. Nobody does anything who has left; everybody else may try whatever there is to try. */
export function possible(world: World): Happening[] {
  const { now, annIsGone, annManages, scene, surroundings } = world;
  const here = people.filter((each) => each !== manager || !annIsGone);
  const happenings: Happening[] = scene.wishes.map((what) => ({ do: 'ask', what, by: owner }));
  if (!annIsGone) happenings.push({ do: 'ask', what: scene.forHer, by: manager });
  if (scene.managerChanges) happenings.push({ do: annManages ? 'nobody manages' : 'ann manages' });
  for (const { record, note } of world.cases) {
    const { id, rules } = record;
    for (const by of here) {
      happenings.push({ do: 'approve', id, by, how: 'whole' }, { do: 'deny', id, by }, { do: 'revoke', id, by });
      if (note.oldHash !== null) happenings.push({ do: 'approve', id, by, how: 'stale', hash: note.oldHash });
    }
    happenings.push(
      { do: 'approve', id, by: guard, how: 'longer' },
      { do: 'approve', id, by: guard, how: 'shorter' },
      { do: 'approve', id, by: guard, how: 'narrower' },
      { do: 'withdraw', id, by: owner },
      { do: 'withdraw', id, by: guard },
      { do: 'relinquish', id, by: owner },
      { do: 'relinquish', id, by: guard },
      { do: 'edit', id, by: owner, to: 'shorter', rules },
      { do: 'edit', id, by: guard, to: 'shorter', rules },
      { do: 'extend', id },
    );
    if (note.kind === 'device')
      happenings.push({ do: 'edit', id, by: owner, to: 'other', rules: rules.includes(two) ? [one] : [two] });
  }
  const [next] = instantsAhead(world);
  if (next !== undefined) {
    if (next - 1 > now) happenings.push({ do: 'pass', to: next - 1 });
    happenings.push({ do: 'pass', to: next });
  }
  happenings.push({ do: 'pass', to: now + step }, { do: 'pass', to: now + 25 * hour });
  for (const badness of reports) happenings.push({ do: 'report', badness });
  if (surroundings.jkt === 'key') happenings.push({ do: 'another key' });
  if (surroundings.ruleHash === 'h') happenings.push({ do: 'another rule' });
  happenings.push({ do: annIsGone ? 'ann returns' : 'ann leaves' }, { do: 'use' }, { do: 'token' }, { do: 'sweep' });
  return happenings;
}

/** In words, for whoever has to find out why. */
export function describe(given: Happening): string {
  const { do: what, ...rest } = given;
  return `${what} ${Object.entries(rest)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')}`;
}
