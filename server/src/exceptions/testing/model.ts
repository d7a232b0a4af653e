import type { ExceptionState } from '@postern/shared/protocol/exception';
import { day, hour, type Instant } from '@postern/shared/time';

/** What the policy of the desk says, written down a second time. */
const allowed: Record<string, { maxMs: number; totalMs: number; approvals: number }> = {
  'base/firewall': { maxMs: 8 * hour, totalMs: 12 * hour, approvals: 1 },
  'base/disk': { maxMs: 2 * day, totalMs: 4 * day, approvals: 2 },
  'base/lock': { maxMs: day, totalMs: 2 * day, approvals: 1 },
};
const pendingMs = day;

export interface Modelled {
  id: string;
  device: string;
  person: string;
  asker: string;
  rules: string[];
  resources: string[];
  durationMs: number;
  /** Who has to say yes, one after the other. */
  wanted: Wanted[];
  staged: boolean;
  startsAt: Instant | null;
  voters: string[];
  state: ExceptionState;
  askedAt: Instant;
  began: Instant | null;
  ends: Instant | null;
  endedAt: Instant | null;
  old: Modelled | null;
  /** How bad each rule was when it was asked for: nobody approves what they were not shown. */
  seen: Record<string, number>;
  /** How bad each rule was at the approval. */
  accepted: Record<string, number>;
  /** Every entry that the log must have, in order. */
  log: string[];
}

type Wanted = 'anybody' | 'the manager' | 'security';

/** Somebody who may have a part in it. */
export interface Person {
  id: string;
  /** Is an approver or an admin. */
  decides: boolean;
  isOfSecurity: boolean;
}

export interface Wish {
  rules: string[];
  resources: string[];
  durationMs: number;
  /** Under the template with two stages: the manager, then security. */
  staged: boolean;
  startsAt: Instant | null;
}

export interface Cut {
  durationMs?: number | undefined;
  rules?: string[] | undefined;
  resources?: string[] | undefined;
}

/**
 * The rules of exceptions once more, as simply as they can be said: everything in memory, one thing after another, time
 * moved by hand, and whatever time ends is ended at once. Each method says whether it may be, and does it if so.
 */
export class Model {
  now: Instant;
  readonly exceptions: Modelled[] = [];
  /** How bad each rule is on each device: 0 passes. */
  readonly badness: Map<string, Record<string, number>>;
  readonly owners: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, Person>;
  readonly managers: ReadonlyMap<string, string>;
  /** Since when each rule fails on each device. */
  private readonly failing: Map<string, Record<string, Instant>>;

  /**
   * @param given.owners by device
   * @param given.managers by person
   */
  constructor(
    now: Instant,
    badness: Record<string, number>,
    given: { owners: ReadonlyMap<string, string>; people: readonly Person[]; managers: ReadonlyMap<string, string> },
  ) {
    this.now = now;
    this.owners = given.owners;
    this.people = new Map(given.people.map((each) => [each.id, each]));
    this.managers = given.managers;
    this.badness = new Map([...this.owners.keys()].map((device) => [device, badness]));
    const since = Object.fromEntries(Object.keys(badness).map((rule) => [rule, now]));
    this.failing = new Map([...this.owners.keys()].map((device) => [device, since]));
  }

  ask(device: string, asker: string, wish: Wish): Modelled | undefined {
    if (!this.mayLast(device, wish, null)) return undefined;
    if (this.exceptions.some((each) => isOpen(each) && each.device === device && overlap(each, wish))) return undefined;
    return this.add(device, asker, wish, null);
  }

  extend(old: Modelled, device: string, durationMs: number): Modelled | undefined {
    const { rules, resources, person, staged } = old;
    if (old.device !== device || old.state !== 'active' || old.ends === null) return undefined;
    const wish = { rules, resources, durationMs, staged, startsAt: null };
    if (!this.mayLast(device, wish, old) || this.now + durationMs <= old.ends) return undefined;
    if (this.exceptions.some((each) => each.old === old && each.state === 'pending')) return undefined;
    return this.add(device, person, wish, old);
  }

  approve(of: Modelled, by: string, cut: Cut): boolean {
    const { durationMs = of.durationMs, rules = of.rules, resources = of.resources } = cut;
    if (!this.mayVote(of, by) || !this.brings(of, by)) return false;
    if (durationMs > of.durationMs || rules.length === 0 || rules.some((rule) => !of.rules.includes(rule)))
      return false;
    if (of.resources.length > 0 && resources.some((each) => !of.resources.includes(each))) return false;
    if (!this.mayLast(of.device, { ...of, rules, durationMs }, of.old)) return false;
    const isLast = this.heard(of, [...of.voters, by]) === of.wanted.length;
    const bad = this.badness.get(of.device) ?? {};
    if (isLast && rules.every((rule) => bad[rule] === 0)) return false;
    if (isLast && rules.some((rule) => (bad[rule] ?? 0) > (of.seen[rule] ?? 0))) return false;
    if (isLast && of.old?.state === 'active' && this.now + durationMs <= (of.old.ends ?? 0)) return false;

    Object.assign(of, { durationMs, rules, resources });
    of.voters.push(by);
    if (!isLast) {
      of.log.push('exception.approval-recorded');
      return true;
    }
    if (of.old?.state === 'active') end(of.old, 'superseded', this.now);
    of.began = Math.max(this.now, of.startsAt ?? this.now);
    of.state = of.began > this.now ? 'scheduled' : 'active';
    of.ends = of.began + durationMs;
    of.accepted = { ...bad };
    of.log.push('exception.approved');
    return true;
  }

  deny(of: Modelled, by: string): boolean {
    const decides = this.people.get(by)?.decides === true;
    return this.mayVote(of, by) && (decides || this.brings(of, by)) && this.ended(of, 'denied');
  }

  /** Another duration is another request: nobody has voted on it. */
  edit(of: Modelled, durationMs: number): boolean {
    if (of.state !== 'pending' || !this.mayLast(of.device, { ...of, durationMs }, null)) return false;
    Object.assign(of, { durationMs, wanted: wantedOf(of), voters: [], seen: { ...this.badness.get(of.device) } });
    of.log.push('exception.edited');
    return true;
  }

  withdraw(of: Modelled, by: string): boolean {
    return of.state === 'pending' && (by === of.person || by === of.asker) && this.ended(of, 'withdrawn');
  }

  relinquish(of: Modelled, device: string): boolean {
    return isGranted(of) && device === of.device && this.ended(of, 'relinquished');
  }

  revoke(of: Modelled, by: string): boolean {
    if (!isGranted(of)) return false;
    if (by === of.person) return this.ended(of, 'relinquished');
    const may = this.people.get(by)?.decides === true || by === this.managers.get(of.person);
    return may && this.ended(of, 'revoked');
  }

  /** Whether it counts now: what has become worse since it was approved waits for the next report to end it. */
  isLive(of: Modelled): boolean {
    const bad = this.badness.get(of.device) ?? {};
    return of.state === 'active' && !of.rules.some((rule) => (bad[rule] ?? 0) > (of.accepted[rule] ?? 0));
  }

  report(device: string, badness: Record<string, number>): void {
    this.badness.set(device, badness);
    const since = this.failing.get(device) ?? {};
    const failing = Object.entries(badness).flatMap(([rule, bad]): [string, Instant][] =>
      bad === 0 ? [] : [[rule, since[rule] ?? this.now]],
    );
    this.failing.set(device, Object.fromEntries(failing));
    for (const each of this.exceptions) {
      if (each.device !== device || each.state !== 'active') continue;
      if (each.rules.every((rule) => badness[rule] === 0)) this.ended(each, 'resolved');
      else if (each.rules.some((rule) => (badness[rule] ?? 0) > (each.accepted[rule] ?? 0))) this.ended(each, 'voided');
    }
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const each of this.exceptions) {
      if (each.state === 'scheduled' && this.now >= (each.began ?? 0)) each.state = 'active';
      if (each.state === 'active' && this.now >= (each.ends ?? 0)) end(each, 'expired', each.ends ?? 0);
      if (each.state === 'pending' && this.now >= each.askedAt + pendingMs) end(each, 'lapsed', this.now);
    }
  }

  /** Who has which place: `device rule resource` to id. */
  places(): Record<string, string> {
    const taken = this.exceptions
      .filter((each) => isOpen(each) && (each.old === null || isGranted(each)))
      .flatMap((each) =>
        each.rules.flatMap((rule) =>
          (each.resources.length === 0 ? ['*'] : each.resources).map((resource): [string, string] => [
            `${each.device} ${rule} ${resource}`,
            each.id,
          ]),
        ),
      );
    const places = Object.fromEntries(taken);
    if (Object.keys(places).length !== taken.length) throw new Error('the model gave one place twice');
    return places;
  }

  private add(device: string, asker: string, wish: Wish, old: Modelled | null): Modelled {
    const added: Modelled = {
      id: '',
      device,
      person: this.owners.get(device) ?? '',
      asker,
      ...wish,
      wanted: wantedOf(wish),
      voters: [],
      state: 'pending',
      askedAt: this.now,
      began: null,
      ends: null,
      endedAt: null,
      old,
      seen: { ...this.badness.get(device) },
      accepted: {},
      log: ['exception.requested'],
    };
    this.exceptions.push(added);
    return added;
  }

  private mayVote(of: Modelled, by: string): boolean {
    return of.state === 'pending' && by !== of.person && by !== of.asker && !of.voters.includes(by);
  }

  /** Somebody is asked next whom this vote, or one that it sets free, is from. */
  private brings(of: Modelled, by: string): boolean {
    return this.heard(of, [...of.voters, by]) > this.heard(of, of.voters);
  }

  /** How many of those who are asked, from the first on, have said yes, each speaking once and where they are needed most. */
  private heard({ wanted, person, asker }: Modelled, voters: readonly string[]): number {
    const manager = this.managers.get(person);
    const mayFill = (wish: Wanted | undefined, by: string) => {
      const { decides = false, isOfSecurity = false } = this.people.get(by) ?? {};
      if (wish === 'security') return decides && isOfSecurity;
      if (wish === 'anybody' || manager === undefined || manager === asker) return decides;
      return by === manager;
    };
    const fill = (index: number, left: readonly string[]): number =>
      index === wanted.length
        ? index
        : Math.max(
            index,
            ...left
              .filter((by) => mayFill(wanted[index], by))
              .map((by) =>
                fill(
                  index + 1,
                  left.filter((other) => other !== by),
                ),
              ),
          );
    return fill(0, voters);
  }

  /** Neither longer at once than it may be, nor longer than that together with what it extends and all that was had before. */
  private mayLast(
    device: string,
    wish: Pick<Wish, 'rules' | 'durationMs' | 'startsAt'>,
    old: Modelled | null,
  ): boolean {
    const { rules, durationMs, startsAt } = wish;
    let first = old;
    while (first?.old) first = first.old;
    const chainStart = first?.began ?? this.now;
    if (durationMs > longest(rules, 'maxMs') || this.now + durationMs > chainStart + longest(rules, 'totalMs'))
      return false;
    const from = Math.max(this.now, startsAt ?? this.now);
    return rules.every((rule) => {
      const had = this.had(device, rule, old);
      const totalMs = allowed[rule]?.totalMs ?? 0;
      return covered(had) < totalMs && covered([...had, { from, to: from + durationMs }]) <= totalMs;
    });
  }

  /** What was had of a rule on a device since it last passed it, and what is granted already. */
  private had(device: string, rule: string, replaced: Modelled | null): Span[] {
    const since = this.failing.get(device)?.[rule] ?? this.now;
    return this.exceptions.flatMap((each) => {
      if (each.device !== device || each.began === null || each.ends === null || !each.rules.includes(rule)) return [];
      const until = Math.min(each.ends, each.endedAt ?? each.ends);
      const to = each === replaced ? Math.min(until, this.now) : until;
      return [{ from: Math.max(each.began, since), to }];
    });
  }

  /** Ends it, and with it what was to extend it. */
  private ended(of: Modelled, state: ExceptionState): boolean {
    end(of, state, this.now);
    for (const each of this.exceptions) if (each.old === of && each.state === 'pending') end(each, 'lapsed', this.now);
    return true;
  }
}

interface Span {
  from: Instant;
  to: Instant;
}

/** How long it is that at least one of them covers. */
function covered(spans: readonly Span[]): number {
  let total = 0;
  let counted = 0;
  for (const { from, to } of spans.toSorted((left, right) => left.from - right.from)) {
    total += Math.max(0, to - Math.max(from, counted));
    counted = Math.max(counted, to);
  }
  return total;
}

function wantedOf({ rules, staged }: Pick<Wish, 'rules' | 'staged'>): Wanted[] {
  if (staged) return ['the manager', 'security'];
  return Array.from({ length: Math.max(...rules.map((rule) => allowed[rule]?.approvals ?? 1)) }, () => 'anybody');
}

function end(of: Modelled, state: ExceptionState, at: Instant): void {
  of.state = state;
  of.endedAt = at;
  of.log.push(`exception.${state}`);
}

function isOpen({ state }: Modelled): boolean {
  return ['pending', 'scheduled', 'active'].includes(state);
}

function isGranted({ state }: Modelled): boolean {
  return state === 'active' || state === 'scheduled';
}

function longest(rules: string[], which: 'maxMs' | 'totalMs'): number {
  return Math.min(...rules.map((rule) => allowed[rule]?.[which] ?? 0));
}

type Scope = Pick<Modelled, 'rules' | 'resources'>;

function overlap(left: Scope, right: Scope): boolean {
  const all = left.resources.length === 0 || right.resources.length === 0;
  return (
    left.rules.some((rule) => right.rules.includes(rule)) &&
    (all || left.resources.some((each) => right.resources.includes(each)))
  );
}
