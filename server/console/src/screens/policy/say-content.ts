import { secondsOf } from '../../parts/mine/lengths.ts';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';
import type { PolicyContent } from '../../parts/policy/types.ts';

type Content = NonNullable<PolicyContent['content']>;
type Rule = Content['rules'][number];
const words = t.policy;

/** Whom it is for, in a line. */
export function sayScope({ applies_to: scope }: Pick<Content, 'applies_to'>): string {
  const { platforms, users = [], groups = [], ownership, resources, resource_tiers: tiers } = scope;
  const people = [...groups, ...users];
  const say = (list: readonly string[] | undefined, sentence: (text: string) => string) =>
    list === undefined || list.length === 0 ? [] : [sentence(shortList(list))];
  const parts = [
    ...say(ownership, words.scopeParts.ownership),
    ...say(platforms, words.scopeParts.platforms),
    ...say(people, words.scopeParts.people),
    ...say(resources, words.scopeParts.resources),
    ...say(tiers, words.scopeParts.tiers),
  ];
  return [words.everybody, ...parts].join(' ');
}

/** A list of five hundred people is no sentence. */
function shortList(list: readonly string[]): string {
  const shown = list.slice(0, 5).join(', ');
  return list.length > 5 ? `${shown} … (${list.length})` : shown;
}

/** How long a device has before a rule blocks it. */
export function sayTimeToFix({ time_to_fix: time }: Pick<Rule, 'time_to_fix'>): string {
  if (time === 'never') return words.neverBlocks;
  const seconds = secondsOf(String(time));
  return seconds === 0 ? words.blocksAtOnce : sayLength(seconds);
}

/** On which terms a rule may be departed from. */
export function sayExceptions({ exceptions }: Pick<Rule, 'exceptions'>): string {
  if (exceptions === false) return words.noExceptions;
  const [most, inAll] = [exceptions.max_duration, exceptions.max_total].map((each) => sayLength(secondsOf(each)));
  return words.exceptionTerms(most ?? '', inAll ?? '', exceptions.approvals);
}

/** Where it counts, if not everywhere. */
export function sayWhere({ platforms, when }: Pick<Rule, 'platforms' | 'when'>): string {
  return [
    ...(platforms === undefined ? [] : [words.onlyOn(platforms.join(', '))]),
    ...(when === undefined ? [] : [words.onlyWhen(when)]),
  ].join('; ');
}
