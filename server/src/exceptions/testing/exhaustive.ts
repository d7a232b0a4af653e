import type { Instant } from '@postern/shared/time';
import { act, type Held, holder, type Machine, machine } from './world-desk.ts';
import { describe, type Happening, possible } from './world-events.ts';
import { holds, judge, type Notes, overlap, placesNoted, stateNoted } from './world-law.ts';
import {
  type Case,
  elsewhere,
  findingsNow,
  instantsAhead,
  maxTotalMs,
  newWorld,
  owner,
  resource,
  type Scene,
  usual,
  type World,
} from './world.ts';

/** What was found on the way through all histories. */
export interface Exploration {
  /** Histories of every length up to the depth. */
  histories: number;
  /** Different worlds that they lead to. */
  worlds: number;
  /** Happenings that were tried, each once in each world. */
  tried: number;
  /** How often an exception came to each state. */
  reached: ReadonlyMap<string, number>;
  /** The first history that breaks a rule, and which; undefined when none does. */
  broken: { history: readonly string[]; rules: readonly string[] } | undefined;
}

interface Place {
  /** Until it was gone on from: nobody comes back, and there are millions. */
  world: World | undefined;
  key: string;
  came: { from: Place; by: Happening } | undefined;
}

/** Where happenings lead from a place, and how many of them to each. */
type Ways = Map<Place, number>;

/**
 * Goes through every history of up to so many happenings. Worlds that differ in nothing that could matter later are gone on
 * from once (a world's future depends on its key alone), and counted as often as histories lead to them.
 */
export function explore(depth: number, scene: Scene = usual, by: Machine = machine): Exploration {
  const reached = new Map<string, number>();
  const checked = new Set<string>();
  const begin = newWorld(scene);
  const first: Place = { world: begin, key: keyOf(begin), came: undefined };
  const places = new Map([[first.key, first]]);
  const known = new Map<Place, Ways>();
  const found = { histories: 1, tried: 0 };
  let layer = new Map([[first, 1]]);

  for (let length = 1; length <= depth; length += 1) {
    const following: typeof layer = new Map();
    for (const [place, paths] of layer) {
      const ways = known.get(place) ?? waysFrom(place, length < depth);
      if (!(ways instanceof Map)) return { ...found, worlds: checked.size, reached, broken: ways };
      for (const [to, count] of ways) {
        found.histories += paths * count;
        if (length < depth) following.set(to, (following.get(to) ?? 0) + paths * count);
      }
      if (length < depth) known.set(place, ways);
    }
    layer = following;
  }
  return { ...found, worlds: checked.size, reached, broken: undefined };

  /**
   * Does everything that can happen at a place, once, and holds the rules in every world that comes of it.
   *
   * @param goesOn false: nobody goes on from there, and what comes of it need not be kept
   */
  function waysFrom(place: Place, goesOn: boolean): Ways | NonNullable<Exploration['broken']> {
    const ways: Ways = new Map();
    const { world } = place;
    if (world === undefined) throw new Error(`${place.key} was gone on from before`);
    place.world = undefined;
    for (const given of possible(world)) {
      found.tried += 1;
      const next = go(by, world, given);
      const came = { from: place, by: given };
      const key = next.world === world ? place.key : keyOf(next.world);
      if (next.rules.length === 0 && !checked.has(key)) {
        checked.add(key);
        next.rules.push(...brokenRules(by, next.world));
        countStates(next.world, reached);
      }
      if (next.rules.length > 0) return { history: historyOf(came), rules: next.rules };
      const to = goesOn ? placeOf(next.world, key, came) : place;
      ways.set(to, (ways.get(to) ?? 0) + 1);
    }
    return ways;
  }

  function placeOf(next: World, key: string, came: Place['came']): Place {
    const kept = tidied(next);
    const keptKey = kept === next ? key : keyOf(kept);
    const there = places.get(keptKey) ?? { world: kept, key: keptKey, came };
    places.set(keptKey, there);
    return there;
  }
}

function countStates({ cases, now }: World, reached: Map<string, number>): void {
  for (const { note } of cases) {
    const state = stateNoted(note, now);
    const kind = note.unasked === null ? '' : `${note.unasked} `;
    const name = note.extendsCase === null ? `${kind}${state}` : `extension ${state}`;
    reached.set(name, (reached.get(name) ?? 0) + 1);
  }
}

function historyOf(last: Place['came']): string[] {
  const history: string[] = [];
  for (let came = last; came !== undefined; came = came.from.came) history.unshift(describe(came.by));
  return history;
}

/** One happening: what the product makes of it, what had to come of it, and the rules that are broken by the difference. */
function go(by: Machine, before: World, given: Happening): { world: World; rules: string[] } {
  const around = surroundedBy(before, given);
  const held = act(by, around, given);
  const notes = judge(around, given);
  if (held === undefined && notes === undefined) return { world: before, rules: [] };
  if (held === undefined || notes === undefined)
    return { world: before, rules: [held === undefined ? 'was refused, and must not be' : 'must be refused'] };
  const world = withCases(around, held, notes);
  return { world, rules: brokenSteps(before, world, given) };
}

/** The world around the exceptions after a happening. */
function surroundedBy(world: World, given: Happening): World {
  const { surroundings } = world;
  switch (given.do) {
    case 'pass':
      return { ...world, now: given.to };
    case 'report':
      return { ...world, surroundings: { ...surroundings, badness: given.badness } };
    case 'another key':
      return { ...world, surroundings: { ...surroundings, jkt: 'another' } };
    case 'another rule':
      return { ...world, surroundings: { ...surroundings, ruleHash: 'another' } };
    case 'ann leaves':
    case 'ann returns':
      return { ...world, annIsGone: given.do === 'ann leaves' };
    case 'ann manages':
    case 'nobody manages':
      return { ...world, annManages: given.do === 'ann manages' };
    case 'ask':
    case 'approve':
    case 'deny':
    case 'withdraw':
    case 'relinquish':
    case 'revoke':
    case 'edit':
    case 'extend':
    case 'use':
    case 'token':
    case 'sweep':
      return world;
  }
}

/** The world with what is held and noted after a happening. */
function withCases(world: World, held: Held, notes: Notes): World {
  const cases = [...held.records].map(([id, record]): Case => {
    const note = notes.get(id);
    if (note === undefined) throw new Error(`nobody noted ${id}`);
    return { record, note };
  });
  return { ...world, cases, places: held.places, serial: world.serial + 1 };
}

/** Without what is recorded as ended and is extended by nothing that is not: that it stays so was held when it ended. */
function tidied(world: World): World {
  const needed = new Set<string>();
  for (const { record } of world.cases.toReversed()) {
    if (record.endedAt !== null && !needed.has(record.id)) continue;
    needed.add(record.id);
    if (record.extendsId !== null) needed.add(record.extendsId);
  }
  if (needed.size === world.cases.length) return world;
  return { ...world, cases: world.cases.filter(({ record }) => needed.has(record.id)) };
}

/** The rules about a single step. */
function brokenSteps(before: World, after: World, given: Happening): string[] {
  const broken: string[] = [];
  const olds = new Map(before.cases.map((each) => [each.record.id, each]));
  for (const { record, note } of after.cases) {
    const old = olds.get(record.id);
    if (old === undefined) continue;
    if (old.note.dead !== null && note.dead !== old.note.dead) broken.push('what has ended stays as it ended');
    if (old.record.endedAt !== null && record !== old.record && record.state !== old.record.state)
      broken.push('what is recorded as ended stays as it is recorded');
    if (given.do === 'edit' && given.id === record.id) {
      if (record.decisions.length > 0) broken.push('an edit leaves no votes');
      if (record.requestHash === old.record.requestHash) broken.push('an edited request is another one');
    }
    if (record.durationMs > old.record.durationMs) broken.push('nobody makes it longer than it was asked for');
  }
  return broken;
}

/** The rules that hold in every world, now and at each instant when something begins or ends by itself. */
function brokenRules(by: Machine, world: World): string[] {
  const broken = new Set<string>();
  const { cases, now, places } = world;
  for (const { record, note } of cases) {
    const seen = readAgain(record, cases);
    if (by.effectiveState(seen, now) !== stateNoted(note, now))
      broken.add(`is ${by.effectiveState(seen, now)}, and has to be ${stateNoted(note, now)}`);
    const voters = record.decisions.map(({ actorId }) => actorId);
    if (new Set(voters).size !== voters.length) broken.add('everybody has one vote');
    if (voters.includes(owner) || voters.includes(note.asker)) broken.add('nobody decides what is their own');
    if (note.dead !== 'denied' && voters.toSorted().join() !== note.voters.toSorted().join())
      broken.add('every vote is there, and no other');
    if (record.approvedAt === null) continue;
    if (new Set(note.voters).size < note.wants.length) broken.add('granted only by enough people');
    if (record.beginsAt !== null && record.expiresAt !== null) {
      if (record.expiresAt - record.beginsAt !== note.durationMs) broken.add('lasts as long as was approved');
      if (record.beginsAt < record.approvedAt) broken.add('begins with its approval at the earliest');
      if (record.expiresAt > (note.chainStart ?? record.beginsAt) + maxTotalMs)
        broken.add('a chain of extensions keeps to its total');
    }
  }
  for (const [place, id] of placesNoted(cases, now))
    if (places.get(place) !== id) broken.add('whatever is open has its places');

  const ahead = instantsAhead(world);
  for (const at of new Set([now, ...ahead.flatMap((each) => [each - 1, each])])) {
    for (const rule of brokenAt(by, world, at)) broken.add(rule);
  }
  for (const { record, note } of cases)
    if (note.dead !== null && rises(by, readAgain(record, cases), world)) broken.add('nothing rises again');
  return [...broken];
}

function readAgain(record: Case['record'], cases: readonly Case[]): Case['record'] {
  const old = cases.find((each) => each.record.id === record.extendsId)?.record;
  return old === undefined ? record : { ...record, extended: { state: old.state, endedAt: old.endedAt } };
}

/** What is open at an instant, by the product and by the notes. */
function brokenAt(by: Machine, world: World, at: Instant): string[] {
  const broken: string[] = [];
  const { cases, surroundings } = world;
  const given = { ...holder(world), now: at };
  const exceptions = cases.map(({ record }) => record).filter(({ state }) => state === 'active');
  const failing = findingsNow(surroundings).filter(({ outcome }) => outcome === 'fail');
  const live = cases.filter(({ note }) => holds(note, at, surroundings));
  for (const [index, left] of live.entries())
    if (live.slice(index + 1).some((right) => overlap(left.note, right.note)))
      broken.push('never two live in one scope');

  for (const where of [resource, elsewhere, null]) {
    const covering = live.filter(
      ({ note }) =>
        note.kind === 'device' && (note.resources.length === 0 || (where !== null && note.resources.includes(where))),
    );
    const waivers = by.waiversFor({ ...given, groups: [], exceptions, resource: where });
    for (const { rule } of failing) {
      const ends = covering.filter(({ note }) => note.rules.includes(rule.reference)).map(({ note }) => note.ends ?? 0);
      const waiver = waivers.find((each) => each.rule === rule.reference);
      if (waiver !== undefined && ends.length === 0) broken.push('a token leans on nothing but what is live');
      if (waiver === undefined && ends.length > 0) broken.push('what is live counts');
      if (waiver !== undefined && waiver.expiresAt > Math.max(...ends))
        broken.push('no token outlives what it leans on');
    }
    if (waivers.some((waiver) => failing.every(({ rule }) => rule.reference !== waiver.rule)))
      broken.push('only what fails is waived');
  }

  for (const { record, note } of cases) {
    if (record.kind !== 'access') continue;
    const opens =
      record.state === 'active' && by.isLive(record, at) && by.voidCause({ ...given, exception: record }) === null;
    if (opens !== holds(note, at, surroundings))
      broken.push('temporary access opens what it was approved for, while it is');
  }
  return broken;
}

/** Whether anything that somebody does, now or later, changes what has ended. */
function rises(by: Machine, record: Case['record'], world: World): boolean {
  const whole: World = { ...world, annIsGone: false, annManages: true };
  const acts = possible(whole).filter((each) => 'id' in each && each.id === record.id);
  return [world.now, world.now + 1, world.now + maxTotalMs].some((now) =>
    acts.some((each) => act(by, { ...whole, now }, each) !== undefined),
  );
}

/** All that can matter to what comes: times as distances from now, exceptions in their order. */
function keyOf(world: World): string {
  const { now, surroundings, annIsGone, annManages, cases } = world;
  const places = new Map(cases.map(({ record }, index) => [record.id, index]));
  const far = (at: Instant | null) => (at === null ? '-' : at - now);
  const ahead = (at: Instant | null) => (at === null ? '-' : Math.max(at - now, -1));
  const around = (at: typeof surroundings | null) =>
    at === null ? '-' : `${Object.values(at.badness).join('')}${at.jkt}${at.ruleHash}`;
  const parts = [short(`${around(surroundings)}${annIsGone ? 'x' : ''}${annManages ? '' : 'm'}`)];
  for (const { record, note } of cases) {
    const isDead = note.dead !== null;
    let key = `|${record.kind}${record.emergency ? '!' : ''}${note.unasked === null ? '' : '*'}${record.state}${record.endedAt === null ? '' : 'e'}${note.dead ?? ''}`;
    key += `,${record.requestedBy},${record.rules.join()},${record.resources.join()},${record.durationMs}`;
    key += `,${places.get(note.extendsCase ?? '') ?? ''},${far(note.chainStart)},${far(record.beginsAt)}`;
    if (isDead) {
      parts.push(short(key));
      continue;
    }
    key += `,${note.voters.join()},${note.oldHash === null ? '' : 'o'},${record.version > 1 ? 2 : 1}`;
    key += `,${note.wants.join('+')},${ahead(record.expiresAt)},${ahead(note.startsAt)}`;
    key += `,${record.approvedAt === null ? ahead(record.lapsesAt) : ''},${around(note.asked)},${around(note.accepted)}`;
    parts.push(short(key));
  }
  let taken = '';
  // What has ended and is not announced may still be where it was.
  for (const [place, id] of world.places) taken += `;${place}=${places.get(id) ?? ''}`;
  parts.push(short(taken));
  return parts.join();
}

const shorts = new Map<string, string>();

/** The same few texts make up millions of keys. */
function short(text: string): string {
  let known = shorts.get(text);
  if (known === undefined) shorts.set(text, (known = shorts.size.toString(36)));
  return known;
}
