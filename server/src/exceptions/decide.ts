import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import { type Actor, type AuditEvent } from '../audit/event.ts';
import type { PersonCaller } from '../http/caller.ts';
import type { Deps } from '../deps.ts';
import { type DeviceFacts, readDeviceFacts } from '../devices/index.ts';
import { evaluateAll } from '../policy/index.ts';
import type { ObservedRule } from '../policy/types.ts';
import { type Change, deleteAny, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { endingChanges, endingEvent, type EndState, exceptionEvent, slotsOf } from './changes.ts';
import { type Approval, effectiveState, type ExceptionEvent, transition } from './lifecycle.ts';
import { readException, readPredecessors } from './read.ts';
import type { ExceptionRecord } from './record.ts';
import { rulesFor, termsOf } from './terms.ts';

type DecideDeps = Pick<Deps, 'store' | 'policies'>;

interface Decided {
  id: string;
  by: { id: string; actor: Actor };
  reason?: string | undefined;
}

type Cut = Pick<Approval, 'durationMs' | 'rules' | 'resources' | 'requestHash'>;

/**
 * Records an approval; with the last one needed the exception is in force from this instant.
 *
 * @throws Fault not_found, self_approval, already_decided, exception_changed, exception_widened,
 *   exception_state, exception_not_needed, exception_too_long, exception_overlaps, conflict
 */
export async function approveException(
  deps: DecideDeps,
  approver: PersonCaller,
  decided: Decided & Cut,
  now: Instant,
): Promise<void> {
  const { record, facts } = await load(deps, decided.id);
  const event: Approval = {
    kind: 'approve',
    by: approver.id,
    ownerId: facts.owner.id,
    requestHash: decided.requestHash,
    durationMs: decided.durationMs,
    rules: decided.rules,
    resources: decided.resources,
  };
  const next = await step(deps, record, event, decided, now);
  const vote = insert('exception_decisions', {
    exception_id: record.id,
    actor_id: approver.id,
    verdict: 'approve',
    reason: decided.reason ?? null,
    at: now,
    request_hash: record.requestHash,
  });
  const after = next.record;
  if (next.entered === null) {
    await commit(deps, facts, {
      changes: [vote, row(record, after), ...freedSlots(record, after)],
      audit: [
        exceptionEvent('exception.approval-recorded', after, now, decided.by.actor, {
          data: approvalData(after),
          text: decided.reason,
        }),
      ],
    });
    return;
  }
  const observed = await observe(deps, facts, after, now);
  const superseded = await supersede(deps, after, now);
  await checkTotal(deps, facts, after, now);
  await commit(deps, facts, {
    changes: [
      vote,
      ...superseded.changes,
      row(record, { ...after, observed }),
      deleteAny('exception_slots', { exception_id: record.id }),
      ...slotsOf(after),
    ],
    audit: [
      ...superseded.audit,
      exceptionEvent('exception.approved', after, now, decided.by.actor, {
        data: approvalData(after),
        text: decided.reason,
      }),
    ],
  });
}

/** Denies a request. One denial ends it. */
export async function denyException(
  deps: DecideDeps,
  approver: PersonCaller,
  decided: Decided & { requestHash?: string | undefined },
  now: Instant,
): Promise<void> {
  const { record, facts } = await load(deps, decided.id);
  const event = { kind: 'deny' as const, by: approver.id, ownerId: facts.owner.id, requestHash: decided.requestHash };
  await step(deps, record, event, decided, now);
  const vote = insert('exception_decisions', {
    exception_id: record.id,
    actor_id: approver.id,
    verdict: 'deny',
    reason: decided.reason ?? null,
    at: now,
    request_hash: record.requestHash,
  });
  await commit(deps, facts, { ...ending(record, 'denied', decided, now), first: [vote] });
}

/** Ends an exception: by somebody else (revoke), by its person (relinquish), or before any decision (withdraw). */
export async function endException(
  deps: DecideDeps,
  kind: 'revoke' | 'relinquish' | 'withdraw',
  decided: Decided & { deviceId?: string | undefined },
  now: Instant,
): Promise<void> {
  const { record, facts } = await load(deps, decided.id);
  if (decided.deviceId !== undefined && record.deviceId !== decided.deviceId) throw new Fault('not_found');
  await step(deps, record, { kind, by: decided.by.id }, decided, now);
  const state = ({ revoke: 'revoked', relinquish: 'relinquished', withdraw: 'withdrawn' } as const)[kind];
  await commit(deps, facts, ending(record, state, decided, now));
}

async function load(deps: DecideDeps, id: string): Promise<{ record: ExceptionRecord; facts: DeviceFacts }> {
  const record = await readException(deps.store.read, id);
  if (record === undefined) throw new Fault('not_found');
  const facts = await readDeviceFacts(deps.store.read, { id: record.deviceId });
  if (facts === undefined) throw new Fault('not_found');
  return { record, facts };
}

/** Asks the state machine. A refused decision is itself recorded: somebody tried. */
async function step(deps: DecideDeps, record: ExceptionRecord, event: ExceptionEvent, decided: Decided, now: Instant) {
  const next = transition(record, event, now);
  if (typeof next !== 'string') return next;
  const refused = exceptionEvent('exception.decision-refused', record, now, decided.by.actor, {
    outcome: 'failure',
    data: { attempted: event.kind, code: next },
  });
  await deps.store.commit({ changes: [], audit: [refused] });
  throw new Fault(next, next === 'exception_state' ? { members: { state: effectiveState(record, now) } } : {});
}

/** What the rules say at approval. An exception that waives nothing is refused rather than kept. */
async function observe(
  deps: DecideDeps,
  facts: DeviceFacts,
  record: ExceptionRecord,
  now: Instant,
): Promise<Record<string, ObservedRule>> {
  if (facts.jkt !== record.jkt || facts.state !== 'active') throw new Fault('exception_state');
  const policies = await deps.policies.at(facts.policyEpoch);
  termsOf(record.rules, rulesFor(policies, facts.platform));
  const findings = evaluateAll({ policies, readings: facts.posture?.readings ?? {}, platform: facts.platform, now });
  const observed: Record<string, ObservedRule> = {};
  for (const { rule, policy, outcome, value } of findings) {
    if (!record.rules.includes(rule.reference)) continue;
    observed[rule.reference] = { ruleHash: rule.hash, policyVersion: policy.version, outcome, value };
  }
  const needed = Object.values(observed).some(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  if (!needed) throw new Fault('exception_not_needed');
  return observed;
}

/** An extension takes the place of what it extends, in the same transaction. */
async function supersede(
  deps: DecideDeps,
  record: ExceptionRecord,
  now: Instant,
): Promise<{ changes: Change[]; audit: AuditEvent[] }> {
  if (record.extendsId === null) return { changes: [], audit: [] };
  const old = await readException(deps.store.read, record.extendsId);
  if (old === undefined || typeof transition(old, { kind: 'supersede' }, now) === 'string')
    throw new Fault('exception_state');
  const reason = `superseded by ${record.id}`;
  return {
    changes: endingChanges(old, { state: 'superseded', at: now, by: null, reason }),
    audit: [endingEvent('superseded', old, now, { kind: 'system', id: null }, reason)],
  };
}

/** The cap on an exception and all that it extends is checked again at approval, when its end is known. */
async function checkTotal(deps: DecideDeps, facts: DeviceFacts, record: ExceptionRecord, now: Instant): Promise<void> {
  if (record.extendsId === null) return;
  const policies = await deps.policies.at(facts.policyEpoch);
  const { maxTotalMs } = termsOf(record.rules, rulesFor(policies, facts.platform));
  const chain = await readPredecessors(deps.store.read, record.extendsId);
  const first = chain.at(-1)?.approvedAt ?? now;
  if (now + record.durationMs > first + maxTotalMs) throw new Fault('exception_too_long');
}

function row(before: ExceptionRecord, after: ExceptionRecord): Change {
  return updateOne(
    'exceptions',
    { id: before.id, version: before.version, state: before.state },
    {
      state: after.state,
      rules: JSON.stringify(after.rules),
      resources: JSON.stringify(after.resources),
      observed: JSON.stringify(after.observed),
      duration_ms: after.durationMs,
      approved_at: after.approvedAt,
      expires_at: after.expiresAt,
      version: before.version + 1,
    },
  );
}

/** A vote that narrows gives up the places that it cut, so that they may be asked for again. */
function freedSlots(before: ExceptionRecord, after: ExceptionRecord): Change[] {
  if (before.extendsId !== null) return [];
  if (before.rules.length === after.rules.length && before.resources.length === after.resources.length) return [];
  return [deleteAny('exception_slots', { exception_id: before.id }), ...slotsOf(after)];
}

function ending(record: ExceptionRecord, state: EndState, decided: Decided, now: Instant) {
  const reason = decided.reason ?? null;
  return {
    changes: endingChanges(record, { state, at: now, by: decided.by.id, reason }),
    audit: [endingEvent(state, record, now, decided.by.actor, reason)],
  };
}

function approvalData(record: ExceptionRecord): AuditEvent['data'] {
  return {
    approvals: record.decisions.length,
    approvalsNeeded: record.approvalsNeeded,
    resources: [...record.resources],
    durationMs: record.durationMs,
    expiresAt: record.expiresAt,
    requestHash: record.requestHash,
  };
}

async function commit(
  deps: DecideDeps,
  facts: DeviceFacts,
  unit: { first?: Change[]; changes: Change[]; audit: AuditEvent[] },
): Promise<void> {
  const epoch = updateOne(
    'devices',
    { id: facts.id, exception_epoch: facts.exceptionEpoch },
    { exception_epoch: facts.exceptionEpoch + 1 },
  );
  const changes = [epoch, ...(unit.first ?? []), ...unit.changes];
  try {
    await deps.store.commit({ changes, audit: unit.audit });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const failed = changes[error.change];
    if (failed?.kind === 'insert' && failed.table === 'exception_slots') throw new Fault('exception_overlaps');
    throw new Fault(
      failed?.kind === 'insert' && failed.table === 'exception_decisions' ? 'already_decided' : 'conflict',
    );
  }
}
