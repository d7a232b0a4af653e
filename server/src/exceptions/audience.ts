import { setImmediate as turn } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { hasMoreRoles } from '../identity/index.ts';
import type { Database } from '../storage/database.ts';
import { endOfWindow } from '../storage/end-of-window.ts';
import { holding } from '../storage/text-like.ts';
import { hasDeciderRole } from './deciding/decider.ts';
import type { ApprovalPlan, Stage } from './plan/index.ts';
import { readException } from './read.ts';
import type { ExceptionRecord } from './lifecycle/record.ts';
import { isEligible, managerAsked, tally } from './lifecycle/tally.ts';

/** People looked through in one query: some milliseconds, for which SQLite holds up whoever asks for a token meanwhile. */
const windowSize = 10_000;

/** Why somebody hears of an exception, the nearest reason of those that they have. */
type Why = 'person' | 'requester' | 'approver' | 'manager' | 'operator';

/** Somebody who hears of an exception. */
export interface Addressee {
  personId: string;
  name: string;
  email: string;
  why: Why;
  /** JSON: what they want to hear of, and how, as stored in `users.notify`. */
  notify: string;
}

/** A person of this installation, as far as it decides what they hear of. */
export interface Listener extends Omit<Addressee, 'why'> {
  /** Is an approver or an admin. */
  isDecider: boolean;
  groups: readonly string[];
}

/** What a request is about, as far as it decides who hears of it. */
export interface Concern {
  personId: string;
  requestedBy: string;
  /** Whose device it is now. */
  ownerId: string;
  managerId: string | null;
  plan: Pick<ApprovalPlan, 'operators' | 'emergency'>;
  /** The stage that waits for approvals; null when nothing waits for any. */
  openStage: Stage | null;
  /** Who has voted already. */
  voters: readonly string[];
  /** Approved and not ended. */
  inForce: boolean;
}

/**
 * Who is told about a request or what became of it: the person, who asked for them, their manager, those who can give the
 * next approval, and when it is in force those who may end it. In an emergency everybody hears of it who would have been
 * asked. Nobody is named as an approver of what they asked for, of what is for them or of their own device.
 *
 * @param people the active ones
 */
export function audienceOf(concern: Concern, people: readonly Listener[]): Addressee[] {
  return people.flatMap((person) => {
    const why = whyTold(concern, person);
    if (why === null) return [];
    const { personId, name, email, notify } = person;
    return [{ personId, name, email, why, notify }];
  });
}

function whyTold(concern: Concern, { personId, isDecider, groups }: Listener): Why | null {
  if (personId === concern.personId) return 'person';
  if (personId === concern.requestedBy) return 'requester';
  const isManager = personId === concern.managerId;
  if (personId !== concern.ownerId) {
    const { openStage, voters, plan, managerId, requestedBy } = concern;
    const vote = { actorId: personId, groups, isDecider, counts: isDecider || isManager };
    const isAsked = openStage !== null && isEligible(openStage, vote, managerAsked({ managerId, requestedBy }));
    if (isAsked && !voters.includes(personId)) return 'approver';
    if (openStage === null && (voters.includes(personId) || (plan.emergency && isDecider))) return 'approver';
  }
  if (isManager) return 'manager';
  return concern.inForce && concern.plan.operators.some((group) => groups.includes(group)) ? 'operator' : null;
}

/**
 * Those of the active people who may hear of it: who has a part in it, who decides, and who may end it because of a group. The
 * others, who are most of a large company, are not read; nobody whom audienceOf names is left out.
 */
export async function readListeners(read: Kysely<Database>, concern: Concern): Promise<Listener[]> {
  const { personId, requestedBy, managerId, voters, plan, inForce } = concern;
  const parts = [personId, requestedBy, ...(managerId === null ? [] : [managerId]), ...voters];
  const operators = inForce ? plan.operators : [];
  const people = await Promise.all([
    listeners(read)
      .where('id', 'in', [...new Set(parts)])
      .execute(),
    listeners(read).where(hasMoreRoles).execute(),
    ...(operators.length === 0 ? [] : [readOfGroups(read, operators)]),
  ]);
  const byId = new Map(people.flat().map((row) => [row.id, row]));
  return [...byId.values()]
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .map(({ id, name, email, notify, roles, groups }) => ({
      personId: id,
      name,
      email,
      notify,
      isDecider: hasDeciderRole(roles),
      groups: JSON.parse(groups) as string[],
    }));
}

function listeners(read: Kysely<Database>) {
  return read.selectFrom('users').select(['id', 'name', 'email', 'roles', 'groups', 'notify']).where('active', '=', 1);
}

/** Looks through everybody: groups are kept with their people. It may find some of other groups that are called alike. */
async function readOfGroups(read: Kysely<Database>, groups: readonly string[]) {
  const found: Awaited<ReturnType<ReturnType<typeof listeners>['execute']>> = [];
  const patterns = groups.map((group) => holding(JSON.stringify(group)));
  for (let after = ''; ;) {
    const end = await endOfWindow(read, 'users', { after }, windowSize);
    let query = listeners(read)
      .where('id', '>', after)
      .where((where) => where.or(patterns.map((pattern) => sql<boolean>`users.groups like ${pattern} escape '\\'`)));
    if (end !== undefined) query = query.where('id', '<=', end);
    found.push(...(await query.execute()));
    if (end === undefined) return found;
    after = end;
    await turn();
  }
}

/** Who is to be told about an exception, by what it is now. Empty when there is none. */
export async function readAudience(read: Kysely<Database>, exceptionId: string): Promise<Addressee[]> {
  const record = await readException(read, exceptionId);
  if (record === undefined) return [];
  const device = await read
    .selectFrom('devices')
    .select(['devices.owner_id'])
    .where('devices.id', '=', record.deviceId)
    .executeTakeFirst();
  const concern: Concern = {
    personId: record.personId,
    requestedBy: record.requestedBy,
    ownerId: device?.owner_id ?? record.personId,
    managerId: record.managerId,
    plan: record.plan,
    openStage: openStageOf(record),
    voters: record.decisions.map(({ actorId }) => actorId),
    inForce: record.state === 'active',
  };
  return audienceOf(concern, await readListeners(read, concern));
}

/** The stage that waits for approvals; null when nothing waits for any. */
export function openStageOf(
  record: Pick<ExceptionRecord, 'state' | 'plan' | 'decisions' | 'managerId' | 'requestedBy'>,
): Stage | null {
  const { state, plan, decisions } = record;
  if (state !== 'pending') return null;
  const { open } = tally(plan.stages, decisions, managerAsked(record));
  return open === null ? null : (plan.stages[open] ?? null);
}
