import type { ExceptionState } from '@postern/shared/protocol/exception';
import { hour, type Instant } from '@postern/shared/time';
import type { Happening } from './world-events.ts';
import {
  type Badness,
  type Case,
  guard,
  manager,
  maxTotalMs,
  type Note,
  one,
  owner,
  pendingMs,
  type Person,
  resource,
  type Surroundings,
  wishes,
  type World,
} from './world.ts';

/**
 * The rules of DESIGN.md ("Exceptions: one lifecycle"), written down a second time and naively, from the text alone: a
 * clerk who notes what happened, and knows from it what has to be.
 */
export type Notes = ReadonlyMap<string, Note>;

export function notesOf({ cases }: World): Map<string, Note> {
  return new Map(cases.map(({ record, note }) => [record.id, note]));
}

/** What an exception has to be at an instant. */
export function stateNoted(note: Note, at: Instant): ExceptionState {
  if (note.dead !== null) return note.dead;
  if (note.approvedAt === null) return at >= note.lapsesAt ? 'lapsed' : 'pending';
  if (note.ends === null || at >= note.ends) return 'expired';
  if (note.begins === null) return 'approved';
  return at < note.begins ? 'scheduled' : 'active';
}

const grantedStates: ReadonlySet<ExceptionState> = new Set(['scheduled', 'approved', 'active']);
const openStates: ReadonlySet<ExceptionState> = new Set(['pending', ...grantedStates]);

export const isOpen = (note: Note, at: Instant) => openStates.has(stateNoted(note, at));
const isGranted = (note: Note, at: Instant) => grantedStates.has(stateNoted(note, at));

/** Whether it waives, or opens, anything at an instant. */
export function holds(note: Note, at: Instant, now: Surroundings): boolean {
  const state = stateNoted(note, at);
  const { accepted } = note;
  if (accepted === null || (state !== 'active' && state !== 'approved') || accepted.jkt !== now.jkt) return false;
  return note.kind === 'access' || note.rules.every((rule) => isAsAccepted(rule, accepted, now));
}

function isAsAccepted(rule: string, accepted: Surroundings, now: Surroundings): boolean {
  if (rule === one && accepted.ruleHash !== now.ruleHash) return false;
  return badnessOf(rule, now) <= badnessOf(rule, accepted);
}

function badnessOf(rule: string, { badness }: Surroundings): Badness {
  return badness[rule] ?? 0;
}

export function overlap(left: Note, right: Note): boolean {
  if (left.kind !== right.kind) return false;
  const anywhere = left.resources.length === 0 || right.resources.length === 0;
  const where = anywhere || left.resources.some((each) => right.resources.includes(each));
  return where && (left.kind === 'access' || left.rules.some((rule) => right.rules.includes(rule)));
}

/**
 * What has to come of a happening.
 *
 * @param world with time and surroundings as they are after it
 * @returns the notes after it; undefined when it has to be refused
 */
export function judge(world: World, given: Happening): Notes | undefined {
  const notes = notesOf(world);
  const done = judgeOne(world, notes, given);
  if (!done) return undefined;
  settleDeaths(notes, world.now);
  return notes;
}

function judgeOne(world: World, notes: Map<string, Note>, given: Happening): boolean {
  const { now, surroundings } = world;
  switch (given.do) {
    case 'ask':
      return ask(world, notes, given);
    case 'report':
    case 'another key':
      for (const [id, note] of notes) {
        if (note.approvedAt === null || !['active', 'approved'].includes(stateNoted(note, now))) continue;
        const passes = note.kind === 'device' && note.rules.every((rule) => badnessOf(rule, surroundings) === 0);
        if (passes) notes.set(id, { ...note, dead: 'resolved' });
        else if (!holds(note, now, surroundings)) notes.set(id, { ...note, dead: 'voided' });
      }
      return true;
    case 'use': {
      const found = [...notes].find(([, note]) => note.kind === 'access' && holds(note, now, surroundings));
      if (found === undefined) return false;
      const [id, note] = found;
      if (note.begins === null) notes.set(id, { ...note, begins: now, ends: now + note.durationMs });
      return true;
    }
    case 'extend':
      return extend(world, notes, given.id);
    case 'approve':
    case 'deny':
    case 'withdraw':
    case 'relinquish':
    case 'revoke':
    case 'edit': {
      const note = notes.get(given.id);
      if (note === undefined) return false;
      const after = judgeAct(world, notes, note, given);
      if (after === undefined) return false;
      notes.set(given.id, after);
      return true;
    }
    case 'pass':
    case 'sweep':
    case 'another rule':
    case 'ann leaves':
    case 'ann returns':
    case 'ann manages':
    case 'nobody manages':
    case 'token':
      return true;
  }
}

/** What ended stays ended, and what was to extend something that somebody ended ends with it. */
function settleDeaths(notes: Map<string, Note>, now: Instant): void {
  for (const [id, note] of notes) {
    if (note.dead !== null) continue;
    const old = note.extendsCase === null ? undefined : notes.get(note.extendsCase);
    const isOrphan = note.approvedAt === null && old !== undefined && old.dead !== null && old.dead !== 'expired';
    const state = isOrphan ? 'lapsed' : stateNoted(note, now);
    if (!openStates.has(state)) notes.set(id, { ...note, dead: state });
  }
}

function ask(world: World, notes: Map<string, Note>, given: Extract<Happening, { do: 'ask' }>): boolean {
  const { now, surroundings, serial } = world;
  const wish = wishes[given.what];
  const note: Note = {
    asker: given.by,
    asked: surroundings,
    kind: wish.kind,
    rules: wish.rules,
    resources: wish.resources,
    durationMs: wish.durationMs,
    wants: wantsOf(wish),
    startsAt: 'startsIn' in wish ? now + wish.startsIn : null,
    lapsesAt: now + pendingMs,
    voters: [],
    oldHash: null,
    approvedAt: null,
    begins: null,
    ends: null,
    accepted: null,
    chainStart: null,
    extendsCase: null,
    unasked: 'unasked' in wish ? wish.unasked : null,
    dead: null,
  };
  if ([...notes.values()].some((each) => isOpen(each, now) && overlap(each, note))) return false;
  if (note.unasked !== null && isMoot(note, surroundings)) return false;
  const begins = note.unasked === null ? {} : { approvedAt: now, begins: now, ends: now + note.durationMs };
  const accepted = note.unasked === null ? null : surroundings;
  notes.set(`exc${serial + 1}`, { ...note, ...begins, accepted });
  return true;
}

/** Nothing that it would waive fails. */
function isMoot({ kind, rules }: Pick<Note, 'kind' | 'rules'>, now: Surroundings): boolean {
  return kind === 'device' && rules.every((rule) => badnessOf(rule, now) === 0);
}

function extend(world: World, notes: Map<string, Note>, id: string): boolean {
  const { now, surroundings, serial } = world;
  const old = notes.get(id);
  if (old === undefined || old.kind === 'access' || stateNoted(old, now) !== 'active') return false;
  if (old.unasked === 'in an emergency') return false;
  const durationMs = 2 * hour;
  const chainStart = old.chainStart ?? old.begins ?? now;
  if (now + durationMs > chainStart + maxTotalMs || now + durationMs <= (old.ends ?? 0)) return false;
  if ([...notes.values()].some((each) => each.extendsCase === id && stateNoted(each, now) === 'pending')) return false;
  notes.set(`exc${serial + 1}`, {
    ...old,
    asker: owner,
    asked: surroundings,
    durationMs,
    wants: wantsOf({ ...old, unasked: null }),
    startsAt: null,
    lapsesAt: now + pendingMs,
    voters: [],
    oldHash: null,
    approvedAt: null,
    begins: null,
    ends: null,
    accepted: null,
    chainStart,
    extendsCase: id,
    // More of what nobody was asked for is for people to give.
    unasked: null,
  });
  return true;
}

/** Who has to say yes, one after the other; null is anybody. */
function wantsOf(about: Pick<Note, 'kind' | 'rules' | 'resources'> & { unasked?: unknown }): Note['wants'] {
  const { kind, rules, resources, unasked = null } = about;
  if (unasked !== null) return [];
  if (kind === 'access') return [guard];
  if (rules.length > 1) return [manager, guard];
  return resources.length > 0 ? [null, null] : [null];
}

/**
 * How many of those who are asked, from the first on, have said yes, if each of them speaks once and wherever they are
 * needed most. Where there is no manager to ask, for there is none or she asked herself, anybody speaks for her.
 */
function heard(note: Note, voters: readonly Person[], annManages: boolean): number {
  const asked = note.wants.map((each) => (each === manager && (!annManages || note.asker === manager) ? null : each));
  const fill = (index: number, left: readonly Person[]): number =>
    Math.max(
      index,
      ...(index === asked.length ? [] : left)
        .filter((each) => asked[index] === null || asked[index] === each)
        .map((each) =>
          fill(
            index + 1,
            left.filter((other) => other !== each),
          ),
        ),
    );
  return fill(0, voters);
}

type Act = Extract<Happening, { do: 'approve' | 'deny' | 'withdraw' | 'relinquish' | 'revoke' | 'edit' }>;

function judgeAct(world: World, notes: Notes, note: Note, given: Act): Note | undefined {
  const { now } = world;
  const isWaiting = stateNoted(note, now) === 'pending';
  const isTheirs = given.by === owner || given.by === note.asker;
  switch (given.do) {
    case 'approve':
      return isWaiting && !isTheirs ? approve(world, notes, note, given) : undefined;
    case 'deny':
      return isWaiting && !isTheirs && !note.voters.includes(given.by) ? { ...note, dead: 'denied' } : undefined;
    case 'withdraw':
      return isWaiting && isTheirs ? { ...note, dead: 'withdrawn' } : undefined;
    case 'relinquish':
      return isGranted(note, now) && given.by === owner ? { ...note, dead: 'relinquished' } : undefined;
    case 'revoke':
      if (!isGranted(note, now)) return undefined;
      return { ...note, dead: given.by === owner ? 'relinquished' : 'revoked' };
    case 'edit':
      return isWaiting && isTheirs ? edit(world, notes, note, given) : undefined;
  }
}

function edit(world: World, notes: Notes, note: Note, given: Extract<Act, { do: 'edit' }>): Note | undefined {
  const rules = given.to === 'other' && note.extendsCase === null ? given.rules : note.rules;
  const durationMs = given.to === 'shorter' ? note.durationMs / 2 : note.durationMs;
  const edited = { ...note, rules, durationMs, voters: [] };
  const others = [...notes].filter(([id]) => id !== given.id).map(([, each]) => each);
  const isTaken = others.some((each) => isOpen(each, world.now) && overlap(each, edited));
  if (isTaken && note.extendsCase === null) return undefined;
  const oldHash = world.cases.find(({ record }) => record.id === given.id)?.record.requestHash ?? null;
  return { ...edited, wants: wantsOf(edited), asked: { ...world.surroundings, jkt: note.asked.jkt }, oldHash };
}

function approve(world: World, notes: Notes, note: Note, given: Extract<Act, { do: 'approve' }>): Note | undefined {
  const { now, surroundings } = world;
  const { by, how } = given;
  if (note.voters.includes(by) || how === 'stale' || how === 'longer') return undefined;
  const here = note.voters.filter((each) => each !== manager || !world.annIsGone);
  const before = heard(note, here, world.annManages);
  const after = heard(note, [...here, by], world.annManages);
  if (before < note.wants.length && after === before) return undefined;
  if (note.asked.jkt !== surroundings.jkt) return undefined;

  const durationMs = how === 'shorter' ? note.durationMs / 2 : note.durationMs;
  const rules = how === 'narrower' ? note.rules.slice(0, 1) : note.rules;
  const resources = how === 'narrower' ? [resource] : note.resources;
  if (note.chainStart !== null && now + durationMs > note.chainStart + maxTotalMs) return undefined;
  const voted = { ...note, durationMs, rules, resources, voters: [...note.voters, by] };
  if (after < note.wants.length) return voted;

  if (note.kind === 'device') {
    if (isMoot({ ...note, rules }, surroundings)) return undefined;
    if (rules.some((rule) => badnessOf(rule, surroundings) > badnessOf(rule, note.asked))) return undefined;
  }
  const waits = note.kind === 'access';
  const begins = waits ? null : Math.max(now, note.startsAt ?? now);
  const ends = begins === null ? now + 4 * hour : begins + durationMs;
  const oldId = note.extendsCase;
  const old = oldId === null ? undefined : notes.get(oldId);
  if (oldId !== null && old !== undefined && stateNoted(old, now) === 'active') {
    if (ends <= (old.ends ?? 0)) return undefined;
    (notes as Map<string, Note>).set(oldId, { ...old, dead: 'superseded' });
  }
  return { ...voted, approvedAt: now, begins, ends, accepted: surroundings };
}

/** Who has which place, by the notes: an extension that waits has none of its own. */
export function placesNoted(cases: readonly Case[], now: Instant): Map<string, string> {
  const places = new Map<string, string>();
  for (const { record, note } of cases) {
    if (!isOpen(note, now) || (note.extendsCase !== null && note.approvedAt === null)) continue;
    for (const rule of note.kind === 'access' ? ['access'] : note.rules)
      for (const where of note.resources.length === 0 ? ['*'] : note.resources)
        places.set(`${rule} ${where}`, record.id);
  }
  return places;
}
