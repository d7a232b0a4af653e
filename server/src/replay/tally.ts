import { type ReplaySummary, replayChanges } from '@postern/shared/protocol/policy-replay';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import type { Comparison } from './comparison.ts';
import { doubtsOf } from './doubts.ts';
import { GroupTally } from './group-tally.ts';
import type { DeviceReplay, Escape, ReplayedRule } from './replay-device.ts';
import { escapeNames, RuleTally } from './rule-tally.ts';

/** Adds up the replays of all devices. */
export class Tally {
  readonly #comparison: Comparison;
  readonly #now: Instant;
  readonly #rules: Map<string, RuleTally>;
  readonly #counts = { judged: 0, notConcerned: 0, stale: 0, neverAttested: 0, quarantined: 0, ownerInactive: 0 };
  readonly #changes = Object.fromEntries(replayChanges.map((change) => [change, 0])) as ReplaySummary['changes'];
  readonly #blocked = { atOnce: 0, atDeadline: 0 };
  readonly #days = new Map<string, number>();
  readonly #standings = { before: noStandings(), after: noStandings() };
  readonly #exceptions = { void: 0, moot: 0, needed: { mayAsk: 0, notInGroup: 0, notAllowed: 0 } };
  readonly #groups = new GroupTally();
  #total = 0;
  #uncovered = 0;
  #rulesChanged = false;

  constructor(comparison: Comparison, now: Instant) {
    const { draftPolicy } = comparison;
    this.#comparison = comparison;
    this.#now = now;
    this.#rules = new Map(draftPolicy.rules.map((rule) => [rule.reference, new RuleTally(rule, draftPolicy)]));
  }

  add(facts: DeviceFacts, replay: DeviceReplay): void {
    this.#total += 1;
    this.#rulesChanged ||= facts.policyEpoch !== this.#comparison.current.epoch;
    if (replay.skipped !== null) {
      this.#counts[skippedNames[replay.skipped]] += 1;
      return;
    }
    this.#counts.judged += 1;
    if (!replay.applies) this.#counts.notConcerned += 1;
    if (replay.stale) this.#counts.stale += 1;
    if (replay.standing !== null) {
      this.#standings.before[replay.standing.before] += 1;
      this.#standings.after[replay.standing.after] += 1;
    }
    for (const { finding, uncollected } of replay.findings)
      this.#rules.get(finding.rule.reference)?.add(finding, uncollected);
    for (const { effect } of replay.exceptions) this.#exceptions[effect] += 1;
    if (replay.change !== null) this.#changes[replay.change] = (this.#changes[replay.change] ?? 0) + 1;
    const isBlocked = replay.change === 'newly-blocked';
    this.#groups.add(facts, isBlocked);
    if (isBlocked) this.#addBlocked(replay);
  }

  #addBlocked({ blockedAt, changes }: DeviceReplay): void {
    const at = blockedAt ?? this.#now;
    this.#blocked[at <= this.#now ? 'atOnce' : 'atDeadline'] += 1;
    const day = toTimestamp(at).slice(0, 10);
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
    const blocking = changes.filter(({ change }) => change === 'newly-blocked');
    const isUncovered = blocking.some(({ covered }) => !covered);
    if (isUncovered) this.#uncovered += 1;
    const soonest = new Map<string, ReplayedRule>();
    for (const rule of blocking.flatMap(({ rules }) => rules)) {
      const { reference } = rule.finding.rule;
      if (rule.isWorse && rule.blocksAt < (soonest.get(reference)?.blocksAt ?? Infinity)) soonest.set(reference, rule);
    }
    for (const [reference, { blocksAt, escape }] of soonest)
      this.#rules.get(reference)?.block(blocksAt <= this.#now, escape);
    const escapes = [...soonest.values()].map(({ escape }) => escape);
    this.#exceptions.needed[escapeNames[isUncovered ? 'not-allowed' : leastOf(escapes)]] += 1;
  }

  summary(): ReplaySummary {
    const { policy, current, resources, resourcesLeftOut } = this.#comparison;
    const rules = [...this.#rules.values()].map((rule) => rule.summary());
    return {
      at: toTimestamp(this.#now),
      policy,
      comparedWith: current.policies.find(({ name }) => name === policy)?.version ?? 0,
      resources: resources.filter((resource) => resource !== null),
      resourcesLeftOut,
      devices: { total: this.#total, ...this.#counts },
      changes: this.#changes,
      newlyBlocked: {
        ...this.#blocked,
        people: this.#groups.people,
        days: [...this.#days]
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([day, devices]) => ({ day, devices })),
      },
      newlyUncovered: this.#uncovered,
      ...this.#standings,
      rules,
      doubts: doubtsOf(rules, this.#counts, this.#rulesChanged),
      exceptions: this.#exceptions,
      ...this.#groups.summary(),
    };
  }
}

const skippedNames = {
  'never-attested': 'neverAttested',
  quarantined: 'quarantined',
  'owner-inactive': 'ownerInactive',
} as const;

function noStandings() {
  return { blocked: 0, grace: 0, warned: 0, fine: 0 };
}

/** To be let in, a person needs to be excepted from every rule. */
function leastOf(escapes: readonly Escape[]): Escape {
  return (
    escapes.find((escape) => escape === 'not-allowed') ??
    escapes.find((escape) => escape === 'not-in-group') ??
    'may-ask'
  );
}
