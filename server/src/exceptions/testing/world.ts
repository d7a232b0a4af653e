import type { ExceptionState } from '@postern/shared/protocol/exception';
import { day, hour, type Instant, minute } from '@postern/shared/time';
import type { ObservedRule, RuleFinding, RuleReference } from '../../policy/types.ts';
import { type ApprovalPlan, approvalsOf, plainPlan, type Stage } from '../plan/index.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';

/**
 * The small world that every history is tried in: Olga, whose laptop it is; Ann, her manager, and Ben of the security
 * group, who both approve; two rules, one resource.
 */
export const owner = 'olga';
export const manager = 'ann';
export const guard = 'ben';
export const people = [owner, manager, guard] as const;
export type Person = (typeof people)[number];

export const one = 'base/one';
export const two = 'base/two';
const rules: readonly RuleReference[] = [one, two];
export const resource = 'https://app.example';
export const elsewhere = 'https://other.example';
export const deviceId = 'laptop';
export const groupsOf: Readonly<Record<Person, readonly string[]>> = { olga: [], ann: [], ben: ['security'] };

export const maxDurationMs = 2 * hour;
export const maxTotalMs = 3 * hour;
export const pendingMs = day;

/** How bad a rule is: 0 passes, 1 fails as it did when it began, 2 is worse. */
export type Badness = 0 | 1 | 2;

/** Everything that evidence and policies say at a time. */
export interface Surroundings {
  badness: Readonly<Record<string, Badness>>;
  /** Thumbprint of the device key. */
  jkt: string;
  /** Of the rule `one`; that of `two` never changes. */
  ruleHash: string;
}

/** What a history is made of besides the records: what the naive clerk wrote down, see world-law.ts. */
export interface Note {
  asker: Person;
  /** What there was when it was asked for. */
  asked: Surroundings;
  /** Who has to say yes, one after the other; null is anybody. */
  wants: readonly (Person | null)[];
  kind: 'device' | 'access';
  rules: readonly RuleReference[];
  resources: readonly string[];
  durationMs: number;
  startsAt: Instant | null;
  lapsesAt: Instant;
  /** Who said yes to what it is now. */
  voters: readonly Person[];
  /** Hash of the request that it was before it was edited. */
  oldHash: string | null;
  approvedAt: Instant | null;
  begins: Instant | null;
  ends: Instant | null;
  /** What there was when it was approved. */
  accepted: Surroundings | null;
  /** When the first of the exceptions that it extends began; null without one. */
  chainStart: Instant | null;
  extendsCase: string | null;
  /** What put it into force without anybody's approval. */
  unasked: 'by a rule' | 'in an emergency' | null;
  dead: ExceptionState | null;
}

/** One exception: as the product has it, and as the clerk noted it. */
export interface Case {
  record: ExceptionRecord;
  note: Note;
}

export interface World {
  now: Instant;
  surroundings: Surroundings;
  /** Ann has left, or not. */
  annIsGone: boolean;
  /** Ann is Olga's manager, or nobody is. */
  annManages: boolean;
  scene: Scene;
  cases: readonly Case[];
  /** Which exception has which place: the unique key of the database. */
  places: ReadonlyMap<string, string>;
  /** How many were asked for so far. */
  serial: number;
}

/** What can be asked for in a world, by Olga and for her by Ann, and whether Olga may lose her manager. */
export interface Scene {
  wishes: readonly WishName[];
  forHer: WishName;
  managerChanges: boolean;
}

export const start: Instant = Date.parse('2026-03-28T22:00:00Z');

export function newWorld(scene: Scene): World {
  return {
    now: start,
    surroundings: { badness: { [one]: 1, [two]: 1 }, jkt: 'key', ruleHash: 'h' },
    annIsGone: false,
    annManages: true,
    scene,
    cases: [],
    places: new Map(),
    serial: 0,
  };
}

/** What can be asked for. */
interface Wish {
  kind: 'device' | 'access';
  rules: readonly RuleReference[];
  resources: readonly string[];
  durationMs: number;
  /** From now. */
  startsIn?: number;
  /** Nobody has to approve it. */
  unasked?: 'by a rule' | 'in an emergency';
}

export const wishes = {
  'one rule': { kind: 'device', rules: [one], resources: [], durationMs: 2 * hour },
  'both rules': { kind: 'device', rules: [one, two], resources: [], durationMs: 2 * hour },
  'one rule at the resource': { kind: 'device', rules: [one], resources: [resource], durationMs: hour },
  'one rule later': { kind: 'device', rules: [one], resources: [], durationMs: hour, startsIn: hour },
  access: { kind: 'access', rules: [], resources: [resource], durationMs: hour },
  'briefly, by a rule': { kind: 'device', rules: [one], resources: [], durationMs: hour, unasked: 'by a rule' },
  'in an emergency': {
    kind: 'device',
    rules: [one, two],
    resources: [resource],
    durationMs: hour,
    unasked: 'in an emergency',
  },
} as const satisfies Record<string, Wish>;
export type WishName = keyof typeof wishes;

/** Where people decide. */
export const usual: Scene = {
  wishes: ['one rule', 'both rules', 'one rule at the resource', 'one rule later', 'access'],
  forHer: 'one rule',
  managerChanges: false,
};

/** Where nobody has to: by a rule, in an emergency; and where there is no manager to ask. */
export const unasked: Scene = {
  wishes: ['one rule', 'both rules', 'briefly, by a rule', 'in an emergency'],
  forHer: 'both rules',
  managerChanges: true,
};

const anyone: Stage = { title: 'Any', groups: null, manager: false, approvals: 1 };
const managers: Stage = { title: 'Manager', groups: null, manager: true, approvals: 1 };
const security: Stage = { title: 'Security', groups: ['security'], manager: false, approvals: 1 };

/** The plan of a wish: one approval of anybody, the manager and then security, two of anybody, security, or none. */
export function planOf(about: Pick<Wish, 'kind' | 'rules' | 'resources' | 'unasked'>): ApprovalPlan {
  const plan: ApprovalPlan = { ...plainPlan(1), maxDurationMs, maxTotalMs };
  if (about.unasked === 'by a rule') return { ...plan, stages: [], autoApprovedBy: 'Of little harm' };
  if (about.unasked === 'in an emergency') return { ...plan, stages: [], emergency: true };
  if (about.kind === 'access') return { ...plan, stages: [security], begins: 'first-use', useWithinMs: 4 * hour };
  if (about.rules.length > 1) return { ...plan, stages: [managers, security] };
  if (about.resources.length > 0) return { ...plan, stages: [{ ...anyone, approvals: 2 }] };
  return { ...plan, stages: [anyone] };
}

/** What is asked for has another hash whenever it is another request. */
export function hashOf(id: string, about: Pick<Wish, 'rules' | 'resources' | 'durationMs'>, version: number): string {
  return `${id} ${about.rules.join()} ${about.resources.join()} ${about.durationMs} ${version}`;
}

export function newRecord(
  world: World,
  asked: { by: Person; wish: Wish; extended: ExceptionRecord | null },
): ExceptionRecord {
  const { by, wish, extended } = asked;
  const id = `exc${world.serial + 1}`;
  const plan = planOf(wish);
  return {
    id,
    kind: wish.kind,
    role: wish.kind === 'access' ? 'reader' : null,
    setId: null,
    emergency: plan.emergency,
    state: 'pending',
    managerId: world.annManages ? manager : null,
    said: { justification: 'For a test of it all', ticket: null, reasonCode: null },
    personId: owner,
    requestedBy: by,
    deviceId,
    jkt: world.surroundings.jkt,
    rules: wish.rules,
    resources: wish.resources,
    observed: observedNow(world.surroundings, wish.rules),
    durationMs: wish.durationMs,
    startsAt: wish.startsIn === undefined ? null : world.now + wish.startsIn,
    plan,
    requestHash: hashOf(id, wish, 1),
    approvalsNeeded: approvalsOf(plan),
    extendsId: extended?.id ?? null,
    extended: extended === null ? null : { state: extended.state, endedAt: extended.endedAt },
    requestedAt: world.now,
    lapsesAt: world.now + pendingMs,
    approvedAt: null,
    beginsAt: null,
    expiresAt: null,
    endedAt: null,
    decisions: [],
    version: 1,
  };
}

const disks = ['full', 'partial', 'none'] as const;
const known = new Map<string, RuleFinding>();

function findingOf(reference: RuleReference, badness: Badness, hash: string): RuleFinding {
  const key = `${reference} ${badness} ${hash}`;
  const made = known.get(key);
  if (made !== undefined) return made;
  const finding = {
    policy: { name: 'base', version: 1 },
    rule: {
      reference,
      hash,
      document: { title: reference, check: 'disk-encryption' },
      timeToFixMs: 0,
      exceptions: { maxDurationMs, maxTotalMs, approvals: 1, groups: null, autoApprove: false },
    },
    platform: 'linux',
    reportOnly: false,
    held: null,
    outcome: badness === 0 ? 'pass' : 'fail',
    observed: null,
    value: { state: disks[badness], volumes: [] },
    reason: null,
    unanswered: null,
    // Of a compiled policy only what an exception looks at.
  } as unknown as RuleFinding;
  known.set(key, finding);
  return finding;
}

/** What all rules find. */
export function findingsNow({ badness, ruleHash }: Surroundings): RuleFinding[] {
  return rules.map((rule) => findingOf(rule, badness[rule] ?? 0, rule === one ? ruleHash : 'h'));
}

export function observedNow(at: Surroundings, about: readonly RuleReference[]): Record<RuleReference, ObservedRule> {
  return Object.fromEntries(
    findingsNow(at)
      .filter(({ rule }) => about.includes(rule.reference))
      .map(({ rule, outcome, value }) => [
        rule.reference,
        { ruleHash: rule.hash, policyVersion: 1, outcome, value } satisfies ObservedRule,
      ]),
  );
}

/** The instants at which something ends or begins by itself, after now. */
export function instantsAhead({ cases, now }: World): Instant[] {
  const all = cases.flatMap(({ record: { lapsesAt, expiresAt, beginsAt, state } }) =>
    state === 'pending' ? [lapsesAt] : [expiresAt ?? 0, beginsAt ?? 0],
  );
  return [...new Set(all)].filter((at) => at > now).toSorted((left, right) => left - right);
}

export const step = 30 * minute;
