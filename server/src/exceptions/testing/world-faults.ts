import type { Instant } from '@postern/shared/time';
import type { ExceptionEvent } from '../lifecycle/lifecycle.ts';
import type { Stage } from '../plan/index.ts';
import { observedOf } from '../observe.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { type Machine, machine } from './world-desk.ts';
import { groupsOf, guard, owner } from './world.ts';

type Transition = Machine['transition'];
type Outcome = ReturnType<Transition>;

/** The state machine, with what it answers changed afterwards. */
function after(
  change: (outcome: ExceptionRecord, before: ExceptionRecord, event: ExceptionEvent, now: Instant) => Outcome,
) {
  const transition: Transition = (record, event, now) => {
    const outcome = machine.transition(record, event, now);
    return typeof outcome === 'string' ? outcome : change(outcome, record, event, now);
  };
  return { ...machine, transition };
}

/** The state machine, asked something else than what happened. */
function instead(ask: (record: ExceptionRecord, event: ExceptionEvent, now: Instant) => Parameters<Transition>) {
  const transition: Transition = (record, event, now) => machine.transition(...ask(record, event, now));
  return { ...machine, transition };
}

const onlyOne = ({ title, groups, manager }: Stage): Stage => ({ title, groups, manager, approvals: 1 });

const endless = Number.MAX_SAFE_INTEGER;

/** Decisions that are wrong in one thing each, so that a test can show that the rules of the small world notice it. */
export const faultyMachines: Readonly<Record<string, Machine>> = {
  'the owner approves for themselves': instead((record, event, now) => [
    event.kind === 'approve' ? { ...record, personId: guard, requestedBy: guard } : record,
    event.kind === 'approve' ? { ...event, ownerId: guard, isDecider: true } : event,
    now,
  ]),
  'whoever asked for somebody else approves': instead((record, event, now) => [
    event.kind === 'approve' ? { ...record, requestedBy: owner } : record,
    event,
    now,
  ]),
  'one vote is enough for two': instead((record, event, now) => [
    {
      ...record,
      plan: { ...record.plan, stages: record.plan.stages.slice(0, 1).map(onlyOne) },
    },
    event,
    now,
  ]),
  'one person votes twice': instead((record, event, now) => [
    event.kind === 'approve'
      ? { ...record, decisions: record.decisions.map((each) => ({ ...each, actorId: `${each.actorId}'` })) }
      : record,
    event,
    now,
  ]),
  'votes of those who left count': instead((record, event, now) => [
    { ...record, decisions: record.decisions.map((each) => ({ ...each, counts: true })) },
    event,
    now,
  ]),
  'any approver stands in for a stage': instead((record, event, now) => [
    record,
    event.kind === 'approve' ? { ...event, groups: groupsOf[guard] } : event,
    now,
  ]),
  'a vote for the old request counts': instead((record, event, now) => [
    record,
    event.kind === 'approve' ? { ...event, requestHash: record.requestHash } : event,
    now,
  ]),
  'an edit keeps the votes': after((outcome, before, event) =>
    event.kind === 'edit' ? { ...outcome, decisions: before.decisions } : outcome,
  ),
  'approvers give more than was asked for': instead((record, event, now) => [
    event.kind === 'approve' ? { ...record, durationMs: Math.max(record.durationMs, event.durationMs ?? 0) } : record,
    event,
    now,
  ]),
  'it lasts a millisecond longer': after((outcome, _before, event) =>
    event.kind === 'approve' && outcome.expiresAt !== null ? { ...outcome, expiresAt: outcome.expiresAt + 1 } : outcome,
  ),
  'the clock runs from the request': after((outcome, before, event) =>
    event.kind === 'approve' && outcome.beginsAt !== null
      ? { ...outcome, beginsAt: before.requestedAt, expiresAt: before.requestedAt + outcome.durationMs }
      : outcome,
  ),
  'it begins at once, whenever it was to begin': after((outcome, _before, event, now) =>
    event.kind === 'approve' && outcome.beginsAt !== null
      ? { ...outcome, beginsAt: now, expiresAt: now + outcome.durationMs }
      : outcome,
  ),
  'access is there after its end': {
    ...machine,
    isLive: (exception, now) => machine.isLive({ ...exception, expiresAt: endless }, now),
  },
  'a denial does not end it': after((outcome, before, event) => (event.kind === 'deny' ? before : outcome)),
  'what is over is approved all the same': instead((record, event, now) => [
    event.kind === 'approve' ? { ...record, lapsesAt: endless } : record,
    event,
    now,
  ]),
  'what was denied is approved all the same': instead((record, event, now) => [
    event.kind === 'approve' && record.state === 'denied' ? { ...record, state: 'pending' } : record,
    event,
    now,
  ]),
  'anybody withdraws': instead((record, event, now) => [
    record,
    event.kind === 'withdraw' ? { ...event, by: record.requestedBy } : event,
    now,
  ]),
  'nobody notices that time has passed': {
    ...machine,
    waiversFor: (given) =>
      machine.waiversFor({ ...given, exceptions: given.exceptions.map((each) => ({ ...each, expiresAt: endless })) }),
  },
  'it counts up to and with its last instant': {
    ...machine,
    waiversFor: (given) => machine.waiversFor({ ...given, now: given.now - 1 }),
  },
  'another key is as good': {
    ...machine,
    waiversFor: (given) =>
      machine.waiversFor({ ...given, exceptions: given.exceptions.map((each) => ({ ...each, jkt: given.jkt })) }),
  },
  'a resource stands for all of them': {
    ...machine,
    waiversFor: (given) =>
      machine.waiversFor({ ...given, exceptions: given.exceptions.map((each) => ({ ...each, resources: [] })) }),
  },
  'worse evidence voids nothing': { ...machine, endedByEvidence: () => ({ changes: [], audit: [] }) },
  'what overlaps is not looked for': { ...machine, findOverlap: () => undefined },
  'a place is forgotten': { ...machine, placeChanges: (record) => machine.placeChanges(record).slice(1) },
  'an extension leaves the other in force': after((outcome, before, event) =>
    event.kind === 'supersede' ? before : outcome,
  ),
  'extensions add up without end': { ...machine, checkDuration: () => undefined },
  'a rule that changed hides that the device got worse': {
    ...machine,
    refuseMootFindings: (findings, facts, record, now) => {
      const changed = findings.filter(({ rule }) => record.observed[rule.reference]?.ruleHash !== rule.hash);
      const observed = { ...record.observed, ...observedOf(changed) };
      return machine.refuseMootFindings(findings, facts, { ...record, observed }, now);
    },
  },
  'approvers are not asked again when the device got worse': {
    ...machine,
    refuseMootFindings: (findings, facts, record, now) =>
      machine.refuseMootFindings(findings, facts, { ...record, observed: observedOf(findings) }, now),
  },
};

/** The same, where nobody has to approve, or where there is no manager. */
export const faultyUnasked: Readonly<Record<string, Machine>> = {
  'anything is approved by itself': instead((record, event, now) => [
    event.kind === 'auto-approve' ? { ...record, plan: { ...record.plan, stages: [], autoApprovedBy: 'x' } } : record,
    event,
    now,
  ]),
  'what waives nothing begins all the same': { ...machine, refuseMootFindings: (findings) => observedOf(findings) },
  'an emergency lasts a millisecond longer': after((outcome, _before, event) =>
    event.kind === 'emergency-use' ? { ...outcome, expiresAt: (outcome.expiresAt ?? 0) + 1 } : outcome,
  ),
  'what a rule approves begins with its end': after((outcome, _before, event) =>
    event.kind === 'auto-approve' ? { ...outcome, beginsAt: outcome.expiresAt } : outcome,
  ),
  'nobody stands in for a manager who is not there': instead((record, event, now) => [
    { ...record, managerId: record.managerId ?? 'nobody' },
    event,
    now,
  ]),
  'a stage for the manager is for anybody': instead((record, event, now) => [
    { ...record, managerId: null },
    event,
    now,
  ]),
};
