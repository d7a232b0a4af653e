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
  needed: number;
  voters: string[];
  state: ExceptionState;
  askedAt: Instant;
  began: Instant | null;
  ends: Instant | null;
  old: Modelled | null;
  /** How bad each rule was when it was asked for: nobody approves what they were not shown. */
  seen: Record<string, number>;
  /** How bad each rule was at the approval. */
  accepted: Record<string, number>;
  /** Every entry that the log must have, in order. */
  log: string[];
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

  constructor(now: Instant, owners: ReadonlyMap<string, string>, badness: Record<string, number>) {
    this.now = now;
    this.owners = owners;
    this.badness = new Map([...owners.keys()].map((device) => [device, badness]));
  }

  ask(device: string, asker: string, rules: string[], resources: string[], durationMs: number): Modelled | undefined {
    if (durationMs > longest(rules, 'maxMs')) return undefined;
    if (this.exceptions.some((each) => isOpen(each) && each.device === device && overlap(each, { rules, resources })))
      return undefined;
    return this.add(device, asker, rules, resources, durationMs, null);
  }

  extend(old: Modelled, device: string, durationMs: number): Modelled | undefined {
    const { rules, resources, person } = old;
    if (old.device !== device || old.state !== 'active' || old.ends === null) return undefined;
    if (!this.mayLast(rules, durationMs, old) || this.now + durationMs <= old.ends) return undefined;
    if (this.exceptions.some((each) => each.old === old && each.state === 'pending')) return undefined;
    return this.add(device, person, rules, resources, durationMs, old);
  }

  approve(of: Modelled, by: string, cut: Cut): boolean {
    const { durationMs = of.durationMs, rules = of.rules, resources = of.resources } = cut;
    if (!this.mayDecide(of, by)) return false;
    if (durationMs > of.durationMs || rules.length === 0 || rules.some((rule) => !of.rules.includes(rule)))
      return false;
    if (of.resources.length > 0 && resources.some((each) => !of.resources.includes(each))) return false;
    if (!this.mayLast(rules, durationMs, of.old)) return false;
    const isLast = of.voters.length + 1 >= of.needed;
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
    if (of.old?.state === 'active') end(of.old, 'superseded');
    of.state = 'active';
    of.began = this.now;
    of.ends = this.now + durationMs;
    of.accepted = { ...bad };
    of.log.push('exception.approved');
    return true;
  }

  deny(of: Modelled, by: string): boolean {
    return this.mayDecide(of, by) && this.ended(of, 'denied');
  }

  /** Another duration is another request: nobody has voted on it. */
  edit(of: Modelled, durationMs: number): boolean {
    if (of.state !== 'pending' || !this.mayLast(of.rules, durationMs, null)) return false;
    const needed = Math.max(...of.rules.map((rule) => allowed[rule]?.approvals ?? 1));
    Object.assign(of, { durationMs, needed, voters: [], seen: { ...this.badness.get(of.device) } });
    of.log.push('exception.edited');
    return true;
  }

  withdraw(of: Modelled, by: string): boolean {
    return of.state === 'pending' && (by === of.person || by === of.asker) && this.ended(of, 'withdrawn');
  }

  relinquish(of: Modelled, device: string): boolean {
    return of.state === 'active' && device === of.device && this.ended(of, 'relinquished');
  }

  revoke(of: Modelled, by: string): boolean {
    return of.state === 'active' && this.ended(of, by === of.person ? 'relinquished' : 'revoked');
  }

  report(device: string, badness: Record<string, number>): void {
    this.badness.set(device, badness);
    for (const each of this.exceptions) {
      if (each.device !== device || each.state !== 'active') continue;
      if (each.rules.every((rule) => badness[rule] === 0)) this.ended(each, 'resolved');
      else if (each.rules.some((rule) => (badness[rule] ?? 0) > (each.accepted[rule] ?? 0))) this.ended(each, 'voided');
    }
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const each of this.exceptions) {
      if (each.state === 'active' && this.now >= (each.ends ?? 0)) end(each, 'expired');
      if (each.state === 'pending' && this.now >= each.askedAt + pendingMs) end(each, 'lapsed');
    }
  }

  /** Who has which place: `device rule resource` to id. */
  places(): Record<string, string> {
    const taken = this.exceptions
      .filter((each) => isOpen(each) && (each.old === null || each.state === 'active'))
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

  private add(
    device: string,
    asker: string,
    rules: string[],
    resources: string[],
    durationMs: number,
    old: Modelled | null,
  ): Modelled {
    const added: Modelled = {
      id: '',
      device,
      person: this.owners.get(device) ?? '',
      asker,
      rules,
      resources,
      durationMs,
      needed: Math.max(...rules.map((rule) => allowed[rule]?.approvals ?? 1)),
      voters: [],
      state: 'pending',
      askedAt: this.now,
      began: null,
      ends: null,
      old,
      seen: { ...this.badness.get(device) },
      accepted: {},
      log: ['exception.requested'],
    };
    this.exceptions.push(added);
    return added;
  }

  private mayDecide(of: Modelled, by: string): boolean {
    return of.state === 'pending' && by !== of.person && by !== of.asker && !of.voters.includes(by);
  }

  private mayLast(rules: string[], durationMs: number, old: Modelled | null): boolean {
    let first = old;
    while (first?.old) first = first.old;
    const start = first?.began ?? this.now;
    return durationMs <= longest(rules, 'maxMs') && this.now + durationMs <= start + longest(rules, 'totalMs');
  }

  /** Ends it, and with it what was to extend it. */
  private ended(of: Modelled, state: ExceptionState): boolean {
    end(of, state);
    for (const each of this.exceptions) if (each.old === of && each.state === 'pending') end(each, 'lapsed');
    return true;
  }
}

function end(of: Modelled, state: ExceptionState): void {
  of.state = state;
  of.log.push(`exception.${state}`);
}

function isOpen({ state }: Modelled): boolean {
  return state === 'pending' || state === 'active';
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
