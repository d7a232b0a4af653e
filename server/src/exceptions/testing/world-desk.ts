import { Fault } from '@postern/shared/protocol/errors';
import { hour, type Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import { isLive, voidCause, waiversFor } from '../../policy/index.ts';
import type { Change } from '../../storage/change.ts';
import { announceEnded } from '../announce.ts';
import { endedByEvidence } from '../evidence.ts';
import { refuseNotLonger } from '../asking/extend.ts';
import { effectiveState, type ExceptionEvent, transition } from '../lifecycle/lifecycle.ts';
import { refuseMootFindings } from '../deciding/moot.ts';
import { findOverlap, placeChanges } from '../places.ts';
import { approvalsOf } from '../plan/index.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { checkDuration } from '../asking/terms.ts';
import type { Happening, OnOne } from './world-events.ts';
import {
  deviceId,
  findingsNow,
  groupsOf,
  hashOf,
  manager,
  maxDurationMs,
  maxTotalMs,
  newRecord,
  observedNow,
  owner,
  planOf,
  type Person,
  resource,
  wishes,
  type World,
} from './world.ts';

/** What decides, so that a test can put a wrong one in its place. */
export const machine = {
  transition,
  effectiveState,
  waiversFor,
  isLive,
  voidCause,
  findOverlap,
  placeChanges,
  announceEnded,
  endedByEvidence,
  checkDuration,
  refuseNotLonger,
  refuseMootFindings,
};
export type Machine = typeof machine;

/** What the product holds after a happening; the notes are not its business. */
export interface Held {
  records: ReadonlyMap<string, ExceptionRecord>;
  places: ReadonlyMap<string, string>;
}

type Mutable = { records: Map<string, ExceptionRecord>; places: Map<string, string> };

/**
 * Does what the routes and the evidence do, over records in memory: reads, decides with the functions of the product,
 * writes all or nothing.
 *
 * @returns what there is then; undefined when it was refused
 */
export function act(by: Machine, world: World, given: Happening): Held | undefined {
  const held: Mutable = {
    records: new Map(world.cases.map(({ record }) => [record.id, record])),
    places: new Map(world.places),
  };
  try {
    return perform(by, world, held, given) ? held : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** As it is read: what it extends is joined to it. */
function read({ records }: Mutable, id: string): ExceptionRecord {
  const record = records.get(id);
  if (record === undefined) throw new Error(`there is no ${id}`);
  const old = record.extendsId === null ? undefined : records.get(record.extendsId);
  return old === undefined ? record : { ...record, extended: { state: old.state, endedAt: old.endedAt } };
}

function open(held: Mutable): ExceptionRecord[] {
  return [...held.records.keys()]
    .map((id) => read(held, id))
    .filter(({ state }) => state === 'pending' || state === 'active')
    .toReversed();
}

function perform(by: Machine, world: World, held: Mutable, given: Happening): boolean {
  const { now } = world;
  switch (given.do) {
    case 'ask':
      return ask(by, world, held, given);
    case 'sweep':
      write(held, by.announceEnded(open(held), now).changes);
      return true;
    case 'report':
    case 'another key':
      return attest(by, world, held);
    case 'pass':
    case 'another rule':
    case 'ann leaves':
    case 'ann returns':
    case 'ann manages':
    case 'nobody manages':
    case 'token':
      return true;
    case 'use':
      return use(by, world, held);
    case 'extend':
      return extend(by, world, held, given.id);
    case 'approve':
      return approve(by, world, held, given);
    case 'edit':
      return edit(by, world, held, given);
    case 'deny':
    case 'withdraw':
    case 'relinquish':
    case 'revoke':
      return end(by, world, held, given);
  }
}

function ask(by: Machine, world: World, held: Mutable, given: Extract<Happening, { do: 'ask' }>): boolean {
  const wish = wishes[given.what];
  const record = newRecord(world, { by: given.by, wish, extended: null });
  const listed = open(held);
  if (by.findOverlap(listed, record, world.now) !== undefined) return false;
  write(held, by.announceEnded(listed, world.now).changes);
  return insert(by, held, record) && beginUnasked(by, world, held, record);
}

/** What a rule of the template approves, or an emergency begins: in the unit of the request. Anything else waits. */
function beginUnasked(by: Machine, world: World, held: Mutable, record: ExceptionRecord): boolean {
  const begun = by.transition(record, { kind: record.emergency ? 'emergency-use' : 'auto-approve' }, world.now);
  if (typeof begun === 'string') return !record.emergency;
  const after = { ...begun, observed: seenAtApproval(by, world, begun) };
  held.records.set(after.id, after);
  return write(held, by.placeChanges(after));
}

function insert(by: Machine, held: Mutable, record: ExceptionRecord): boolean {
  held.records.set(record.id, record);
  return write(held, by.placeChanges(record));
}

function extend(by: Machine, world: World, held: Mutable, id: string): boolean {
  const { now } = world;
  const old = read(held, id);
  const durationMs = 2 * hour;
  if (by.effectiveState(old, now) !== 'active' || old.kind !== 'device' || old.emergency) return false;
  by.checkDuration(durationMs, { maxDurationMs, maxTotalMs, approvals: 1 }, chainStart(held, old.id), now);
  by.refuseNotLonger(old, now + durationMs);
  const listed = open(held);
  if (listed.some((each) => each.extendsId === id && by.effectiveState(each, now) === 'pending')) return false;
  const wish = { kind: old.kind, rules: old.rules, resources: old.resources, durationMs };
  write(held, by.announceEnded(listed, now).changes);
  return insert(by, held, newRecord(world, { by: owner, wish, extended: old }));
}

/** When the first of a chain began: the query of read.ts, over records. */
function chainStart({ records }: Mutable, id: string | null): Instant | null {
  let first: Instant | null = null;
  for (let each = id; each !== null; each = records.get(each)?.extendsId ?? null) {
    const { beginsAt = null, approvedAt = null } = records.get(each) ?? {};
    const began = beginsAt ?? approvedAt;
    if (began !== null && (first === null || began < first)) first = began;
  }
  return first;
}

function approve(by: Machine, world: World, held: Mutable, given: Extract<Happening, { do: 'approve' }>): boolean {
  const { now, surroundings } = world;
  const before = asJudged(world, read(held, given.id));
  const cut =
    given.how === 'shorter'
      ? { durationMs: before.durationMs / 2 }
      : given.how === 'longer'
        ? { durationMs: before.durationMs * 2 }
        : given.how === 'narrower'
          ? { ...(before.kind === 'access' ? {} : { rules: before.rules.slice(0, 1) }), resources: [resource] }
          : {};
  const requestHash = given.how === 'stale' ? (given.hash ?? 'another') : before.requestHash;
  let after = by.transition(before, vote(given.by, { ...cut, requestHash }), now);
  if (typeof after === 'string') return false;
  if (before.personId !== owner || before.jkt !== surroundings.jkt) return false;
  const begins = after.beginsAt ?? now;
  if (after.kind === 'device') {
    const terms = { maxDurationMs, maxTotalMs, approvals: 1 };
    by.checkDuration(after.durationMs, terms, chainStart(held, before.extendsId), after.extendsId ? now : begins);
  }
  if (after.state === 'active') {
    const old = before.extendsId === null ? undefined : read(held, before.extendsId);
    if (old !== undefined) {
      const expired = by.announceEnded([old], now);
      write(held, expired.changes);
      if (expired.changes.length === 0 && old.state !== 'expired') {
        const superseded = by.transition(old, { kind: 'supersede' }, now);
        if (typeof superseded === 'string') return false;
        by.refuseNotLonger(old, after.expiresAt ?? now);
        put(held, superseded);
      }
    }
    if (after.kind === 'device') after = { ...after, observed: seenAtApproval(by, world, after) };
  }
  held.records.set(after.id, after);
  return write(held, by.placeChanges(after));
}

function edit(by: Machine, world: World, held: Mutable, given: Extract<Happening, { do: 'edit' }>): boolean {
  const before = read(held, given.id);
  const rules = given.to === 'other' && before.extendsId === null ? given.rules : before.rules;
  const scope = {
    rules,
    resources: before.resources,
    durationMs: given.to === 'shorter' ? before.durationMs / 2 : before.durationMs,
  };
  const plan = planOf({ ...before, ...scope });
  const change = {
    ...scope,
    observed: observedNow(world.surroundings, rules),
    plan,
    approvalsNeeded: approvalsOf(plan),
    requestHash: hashOf(before.id, scope, before.version + 1),
  };
  const after = by.transition(before, editing(before, given.by, change), world.now);
  if (typeof after === 'string') return false;
  const others = open(held).filter(({ id }) => id !== before.id);
  if (before.extendsId === null && by.findOverlap(others, after, world.now) !== undefined) return false;
  write(held, by.announceEnded(others, world.now).changes);
  held.records.set(after.id, after);
  return write(held, by.placeChanges(after));
}

/** First use of temporary access, and every use after it. */
function use(by: Machine, world: World, held: Mutable): boolean {
  const { now } = world;
  const granted = open(held).find(
    (each) =>
      each.kind === 'access' &&
      each.resources.includes(resource) &&
      by.isLive(each, now) &&
      by.voidCause({ ...holder(world), exception: each }) === null,
  );
  if (granted === undefined) return false;
  if (granted.beginsAt !== null) return true;
  const begun = by.transition(granted, { kind: 'begin' }, now);
  if (typeof begun === 'string') return false;
  held.records.set(begun.id, begun);
  return true;
}

function attest(by: Machine, world: World, held: Mutable): boolean {
  const { jkt } = world.surroundings;
  const exceptions = open(held).filter(({ state }) => state === 'active');
  // Of a device only what evidence.ts looks at.
  const facts = { id: deviceId, jkt, owner: { id: owner }, exceptions } as unknown as DeviceFacts;
  return write(held, by.endedByEvidence(facts, findingsNow(world.surroundings), world.now).changes);
}

type Ending = Extract<OnOne, { do: 'deny' | 'withdraw' | 'relinquish' | 'revoke' }>;

function end(by: Machine, world: World, held: Mutable, given: Ending): boolean {
  const before = asJudged(world, read(held, given.id));
  const after = by.transition(before, ending(given), world.now);
  if (typeof after === 'string') return false;
  put(held, after);
  return true;
}

/** Its places are free with its end. */
function put(held: Mutable, ended: ExceptionRecord): void {
  held.records.set(ended.id, ended);
  for (const [place, id] of held.places) if (id === ended.id) held.places.delete(place);
}

export function holder(world: World) {
  const { surroundings, now } = world;
  return { findings: findingsNow(surroundings), personId: owner, deviceId, jkt: surroundings.jkt, now };
}

/** Writes what a unit says about records and places; false when the unique key refuses it. */
function write(held: Mutable, changes: readonly Change[]): boolean {
  for (const change of changes) {
    if (change.table === 'exceptions' && change.kind === 'update') {
      const record = held.records.get(change.where['id'] as string);
      if (record === undefined) throw new Error('an unknown exception is changed');
      const { state, ended_at: endedAt } = change.set;
      held.records.set(record.id, {
        ...record,
        state: state as ExceptionRecord['state'],
        endedAt: endedAt as Instant,
      });
    } else if (change.table === 'exception_slots' && change.kind === 'insert') {
      const { rule, resource: where, exception_id: id } = change.row;
      const place = `${String(rule)} ${String(where)}`;
      if (held.places.has(place)) return false;
      held.places.set(place, String(id));
    } else if (change.table === 'exception_slots' && change.kind === 'delete') {
      for (const [place, id] of held.places) if (id === change.where['exception_id']) held.places.delete(place);
    } else throw new Error(`nobody expects a change of ${change.table} here`);
  }
  return true;
}

/** What the rules say at approval. Throws a Fault when it is moot, or not what the approvers saw. */
function seenAtApproval(by: Machine, { surroundings, now }: World, record: ExceptionRecord) {
  const findings = findingsNow(surroundings).filter(({ rule }) => record.rules.includes(rule.reference));
  // Of a device only what moot.ts looks at.
  const facts = { id: deviceId, jkt: surroundings.jkt, owner: { id: owner } } as unknown as DeviceFacts;
  return by.refuseMootFindings(findings, facts, record, now);
}

/** With its manager and with what its voters are worth, both as they are now. */
function asJudged(world: World, read: ExceptionRecord): ExceptionRecord {
  const record = { ...read, managerId: world.annManages ? manager : null };
  if (!world.annIsGone) return record;
  const decisions = record.decisions.map((each) => (each.actorId === manager ? { ...each, counts: false } : each));
  return { ...record, decisions };
}

function vote(
  by: Person,
  cut: { durationMs?: number; rules?: readonly string[]; resources?: readonly string[]; requestHash: string },
): ExceptionEvent {
  return { kind: 'approve', ...decider(by), ownerId: owner, ...cut };
}

function decider(by: Person) {
  return { by, groups: groupsOf[by], isDecider: by !== owner };
}

function editing(before: ExceptionRecord, by: Person, change: Partial<ExceptionRecord>): ExceptionEvent {
  return { ...before, ...change, kind: 'edit', by };
}

function ending({ do: kind, by }: Ending): ExceptionEvent {
  switch (kind) {
    case 'deny':
      return { kind, ...decider(by), ownerId: owner };
    case 'revoke':
      return { kind, ...decider(by) };
    case 'withdraw':
    case 'relinquish':
      return { kind, by };
  }
}
