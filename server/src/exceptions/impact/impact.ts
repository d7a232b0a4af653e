import { Fault } from '@postern/shared/protocol/errors';
import type { Impact } from '@postern/shared/protocol/impact';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type DeviceFacts, readDeviceFacts, subjectOf } from '../../devices/index.ts';
import { knownResources } from '../../gateways/index.ts';
import { countsAsFailing } from '../../policy/index.ts';
import { readVoters, unanswerable } from '../asking/answerable.ts';
import { assessRequest, type Sought } from '../asking/assess.ts';
import { audienceOf, openStageOf, readListeners } from '../audience.ts';
import { refuseOtherDevice, refuseUnfitDevice } from '../asking/fitness.ts';
import { type Granting, impactOf, timeOf } from './impact-of.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import { refuseTooMany } from '../asking/new-request.ts';
import { findingsFor } from '../observe.ts';
import { findOverlap } from '../places.ts';
import { type ApprovalPlan, planRequest } from '../plan/index.ts';
import { readChain, readException, readManager, readOpenExceptions } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { refuseUnknownResources } from '../asking/resources.ts';
import { stricter } from '../lifecycle/stricter.ts';
import { checkDuration, rulesFor, termsOf } from '../asking/terms.ts';

type ImpactDeps = Pick<Deps, 'store' | 'policies'>;

/** Names of people that are shown. */
const mostPeople = 50;

/**
 * What a request would mean, before it is made: what it waives and opens, whom it takes and who is told, and what it would
 * be refused with. Reads only.
 *
 * @param asked.by who would ask
 * @param asked.isOwn only on a device of theirs
 * @throws Fault not_found
 */
export async function previewRequest(
  deps: ImpactDeps,
  asked: { deviceId: string; by: string; wanted: Sought; isOwn?: boolean },
  now: Instant,
): Promise<Impact> {
  const { read } = deps.store;
  const { by, wanted } = asked;
  const facts = await readDeviceFacts(read, { id: asked.deviceId });
  if (facts === undefined || (asked.isOwn === true && facts.owner.id !== by)) throw new Fault('not_found');
  const refusals = collector();
  const { plan } = await assessed(deps, facts, wanted, refusals, now);
  await refusals.of(async () => {
    const open = await readOpenExceptions(read, facts.id);
    const overlap = findOverlap(open, { ...wanted, personId: facts.owner.id, deviceId: facts.id }, now);
    if (wanted.kind === 'device' && overlap !== undefined) throw new Fault('exception_overlaps');
    if (wanted.kind === 'access') await refuseHeld(deps, facts.owner.id, wanted.resources, now);
    refuseTooMany(open, now);
  });
  const managerId = await readManager(read, facts.owner.id);
  const record = { state: 'pending', plan, decisions: [], managerId } as const;
  const told = plan && { ...record, plan, personId: facts.owner.id, requestedBy: by };
  const granting = { ...wanted, extendsId: null };
  return await impactWith(deps, facts, { granting, plan, told }, refusals.found, now);
}

/**
 * What approving a request now would mean, for who decides on it. Reads only.
 *
 * @throws Fault not_found
 */
export async function impactOfException(deps: ImpactDeps, id: string, by: string, now: Instant): Promise<Impact> {
  const { read } = deps.store;
  const record = await readException(read, id);
  const facts = record && (await readDeviceFacts(read, { id: record.deviceId }));
  if (record === undefined || facts === undefined) throw new Fault('not_found');
  const refusals = collector();
  const state = effectiveState(record, now);
  await refusals.of(() => {
    if (state !== 'pending') throw new Fault('exception_state', { members: { state } });
    if ([record.personId, record.requestedBy, facts.owner.id].includes(by)) throw new Fault('self_approval');
    refuseOtherDevice(facts, record);
  });
  const { said, extendsId } = record;
  const { template } = record.plan;
  const wanted: Sought = {
    kind: record.kind,
    role: record.role,
    rules: [...record.rules],
    resources: [...record.resources],
    durationMs: record.durationMs,
    startsAt: null,
    ticket: said.ticket ?? undefined,
    reasonCode: said.reasonCode ?? undefined,
    template: template?.name,
  };
  const { plan: planNow } = await assessed(deps, facts, wanted, refusals, now, record);
  // What waits is held to the stricter of what it took when it was asked for, and takes now.
  const plan = state === 'pending' && planNow !== null ? stricter(record.plan, planNow) : record.plan;
  const granting = { ...wanted, startsAt: record.startsAt, extendsId };
  return await impactWith(deps, facts, { granting, plan, told: { ...record, plan } }, refusals.found, now);
}

/** Looks for every refusal there is, and not only for the first. */
async function assessed(
  deps: ImpactDeps,
  facts: DeviceFacts,
  wanted: Sought,
  refusals: Collector,
  now: Instant,
  record?: ExceptionRecord,
): Promise<{ plan: ApprovalPlan | null }> {
  const { read } = deps.store;
  const { kind, rules, resources } = wanted;
  await refusals.of(() => refuseUnfitDevice(facts));
  await refusals.of(() => refuseUnknownResources(read, resources));
  const rulebook = await deps.policies.at(facts.policyEpoch);
  const terms = await refusals.of(() =>
    termsOf(rules, rulesFor(rulebook, subjectOf(facts), resources), facts.owner.groups),
  );
  const chain = await readChain(read, record?.extendsId ?? null);
  const startedAt = chain?.startedAt ?? null;
  if (terms !== undefined) await refusals.of(() => checkDuration(wanted.durationMs, terms, startedAt, now));
  const asked = { ...wanted, renewals: chain?.renewals ?? 0, exception: record?.id, isExtension: chain !== null };
  const about = { facts, rulebook, approvals: terms?.approvals ?? 1 };
  const plan = await refusals.of(() => planRequest(deps, about, asked, now));
  const whole = await refusals.of(() => assessRequest(deps, facts, asked, chain, now));
  if (kind === 'device' && facts.posture !== null)
    await refusals.of(() => {
      if (!findingsFor(rulebook, facts, rules, now).some(countsAsFailing)) throw new Fault('exception_not_needed');
    });
  return { plan: whole?.plan ?? plan ?? null };
}

/** Throws Fault exception_overlaps where the person has, or waits for, access to it already, from whatever device. */
async function refuseHeld(
  { store }: ImpactDeps,
  personId: string,
  resources: readonly string[],
  now: Instant,
): Promise<void> {
  const held = await store.read
    .selectFrom('exception_slots')
    .select('exception_id')
    .where('person_id', '=', personId)
    .where('rule', '=', 'access')
    .where('resource', 'in', resources)
    .executeTakeFirst();
  const holder = held && (await readException(store.read, held.exception_id));
  if (holder !== undefined && ['pending', 'scheduled', 'approved', 'active'].includes(effectiveState(holder, now)))
    throw new Fault('exception_overlaps');
}

type Told = Pick<ExceptionRecord, 'state' | 'plan' | 'decisions' | 'personId' | 'requestedBy' | 'managerId'>;

async function impactWith(
  deps: ImpactDeps,
  facts: DeviceFacts,
  { granting, plan, told }: { granting: Granting; plan: ApprovalPlan | null; told: Told | null },
  refusals: Impact['refusals'],
  now: Instant,
): Promise<Impact> {
  const { read } = deps.store;
  const rulebook = await deps.policies.at(facts.policyEpoch);
  const guarded = await knownResources(read);
  const people = told === null ? [] : await audience(read, facts, told);
  const isWaiting = told?.state === 'pending';
  const stuck = isWaiting ? unanswerable(told, facts.owner.id, await readVoters(read, told.managerId)) : null;
  return {
    ...impactOf({ facts, rulebook, guarded }, granting, now),
    told: { count: people.length, people: people.slice(0, mostPeople).map(({ name, why }) => ({ name, why })) },
    time: timeOf(granting, plan, now),
    stuck,
    plan: plan && {
      template: plan.template,
      stages: plan.stages.map((stage) => ({ ...stage, groups: stage.groups === null ? null : [...stage.groups] })),
      stepUp: plan.stepUp,
      autoApprovedBy: plan.autoApprovedBy,
      emergency: plan.emergency,
      risk: plan.risk,
      conditions: [...plan.conditions],
    },
    refusals,
  };
}

/** Everybody who hears of the request, or of its approval. */
async function audience(read: Deps['store']['read'], facts: DeviceFacts, told: Told) {
  const concern = {
    personId: told.personId,
    requestedBy: told.requestedBy,
    ownerId: facts.owner.id,
    managerId: told.managerId,
    plan: told.plan,
    openStage: openStageOf(told),
    voters: told.decisions.map(({ actorId }) => actorId),
    inForce: true,
  };
  return audienceOf(concern, await readListeners(read, concern));
}

interface Collector {
  found: Impact['refusals'];
  /** What was found instead, or undefined where that is a refusal. */
  of<Result>(look: () => Result | Promise<Result>): Promise<Result | undefined>;
}

/** Keeps each refusal, once, with its sentence. */
function collector(): Collector {
  const found: Impact['refusals'] = [];
  return {
    found,
    async of(look) {
      try {
        return await look();
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const { code, message: sentence, details } = error;
        if (!found.some((each) => each.code === code)) found.push({ code, sentence, details });
        return undefined;
      }
    },
  };
}
