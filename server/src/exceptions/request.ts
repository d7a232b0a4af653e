import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionRequest } from '@postern/shared/protocol/exception';
import { toId } from '@postern/shared/ids';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { knownResources } from '../gateways/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { endingChanges, endingEvent, exceptionEvent, slotsOf } from './changes.ts';
import { effectiveState } from './lifecycle.ts';
import { readException, readOpenExceptions, readPredecessors } from './read.ts';
import type { ExceptionRecord } from './record.ts';
import { checkDuration, rulesFor, termsOf } from './terms.ts';

type RequestDeps = Pick<Deps, 'store' | 'random' | 'policies' | 'config'>;

export interface Wish extends Pick<ExceptionRequest, 'rules' | 'resources' | 'justification' | 'ticket'> {
  durationMs: number;
}

/**
 * Asks for an exception for the owner of a device. Nothing is waived before somebody else approves.
 *
 * @returns the id of the new request
 * @throws Fault device_state_invalid, never_attested, exception_rule_unknown, exception_not_allowed,
 *   exception_too_long, resource_unknown, exception_overlaps, conflict
 */
export async function requestException(
  deps: RequestDeps,
  facts: DeviceFacts,
  by: { id: string; actor: Actor },
  request: ExceptionRequest,
  now: Instant,
): Promise<string> {
  const wish = {
    ...request,
    rules: unique(request.rules),
    resources: unique(request.resources),
    durationMs: parseDuration(request.duration) ?? 0,
  };
  const terms = await termsFor(deps, facts, wish);
  checkDuration(wish.durationMs, Math.min(terms.maxDurationMs, terms.maxTotalMs));
  const known = await knownResources(deps.store.read);
  const unknown = wish.resources.filter((resource) => !known.has(resource));
  if (unknown.length > 0)
    throw new Fault('resource_unknown', {
      details: unknown.map((each) => ({ path: 'body.resources', message: `${each} is not known` })),
    });

  const open = await readOpenExceptions(deps.store.read, facts.id);
  const overdue = open.filter((each) => effectiveState(each, now) !== each.state);
  const overlapping = open.find(
    (each) => !overdue.includes(each) && overlaps(each, { personId: facts.owner.id, ...wish }),
  );
  if (overlapping !== undefined) throw new Fault('exception_overlaps', { members: { exception: overlapping.id } });

  const record = newRecord(deps, facts, by.id, wish, terms.approvals, null, now);
  const cleared = announceOverdue(overdue, now);
  await commitRequest(deps, facts, {
    changes: [...cleared.changes, ...rowOf(record, wish), ...slotsOf(record)],
    audit: [...cleared.audit, requestedEvent(record, wish, by.actor, now)],
  });
  return record.id;
}

/**
 * Asks for more time for an exception in force: the same scope, the same approvals; it supersedes the
 * old one at its approval and counts, with all that it extends, towards the policy's total.
 */
export async function requestExtension(
  deps: RequestDeps,
  facts: DeviceFacts,
  by: { id: string; actor: Actor },
  exceptionId: string,
  wish: { durationMs: number; justification: string },
  now: Instant,
): Promise<string> {
  const old = await readException(deps.store.read, exceptionId);
  if (old === undefined || old.deviceId !== facts.id || old.personId !== facts.owner.id) throw new Fault('not_found');
  if (effectiveState(old, now) !== 'active') throw new Fault('exception_state');
  const whole: Wish = { ...wish, rules: [...old.rules], resources: [...old.resources] };
  const terms = await termsFor(deps, facts, whole);
  checkDuration(wish.durationMs, terms.maxDurationMs);
  const predecessors = [old, ...(await readPredecessors(deps.store.read, old.extendsId))];
  const first = predecessors.at(-1)?.approvedAt ?? now;
  checkDuration(wish.durationMs, Math.max(0, first + terms.maxTotalMs - now));
  const open = await readOpenExceptions(deps.store.read, facts.id);
  const waiting = open.find((each) => each.extendsId === old.id && effectiveState(each, now) === 'pending');
  if (waiting !== undefined) throw new Fault('exception_overlaps', { members: { exception: waiting.id } });

  // An extension holds no slots while it waits: the exception that it extends holds them.
  const record = newRecord(deps, facts, by.id, whole, terms.approvals, old.id, now);
  await commitRequest(deps, facts, {
    changes: rowOf(record, whole),
    audit: [requestedEvent(record, whole, by.actor, now)],
  });
  return record.id;
}

/** The changes and entries that record what time has ended already. */
export function announceOverdue(
  overdue: readonly ExceptionRecord[],
  now: Instant,
): { changes: Change[]; audit: Unit['audit'] } {
  const ended = overdue.map((record) => {
    const state = effectiveState(record, now) === 'lapsed' ? ('lapsed' as const) : ('expired' as const);
    const at = (state === 'lapsed' ? record.lapsesAt : record.expiresAt) ?? now;
    return { record, state, at };
  });
  return {
    changes: ended.flatMap(({ record, state, at }) => endingChanges(record, { state, at, by: null, reason: null })),
    audit: ended.map(({ record, state }) => endingEvent(state, record, now, { kind: 'system', id: null }, null)),
  };
}

async function termsFor(deps: RequestDeps, facts: DeviceFacts, wish: Wish) {
  if (facts.state !== 'active') throw new Fault('device_state_invalid');
  if (facts.posture === null) throw new Fault('never_attested');
  const policies = await deps.policies.at(facts.policyEpoch);
  return termsOf(wish.rules, rulesFor(policies, facts.platform));
}

/** Two exceptions overlap when they share a person, a rule, and a resource or the lack of a limit. */
function overlaps(
  left: ExceptionRecord,
  right: { personId: string; rules: readonly string[]; resources: readonly string[] },
): boolean {
  if (left.personId !== right.personId || !left.rules.some((rule) => right.rules.includes(rule))) return false;
  if (left.resources.length === 0 || right.resources.length === 0) return true;
  return left.resources.some((resource) => right.resources.includes(resource));
}

function newRecord(
  deps: RequestDeps,
  facts: DeviceFacts,
  requestedBy: string,
  wish: Wish,
  approvalsNeeded: number,
  extendsId: string | null,
  now: Instant,
): ExceptionRecord {
  const scope = {
    id: toId('exception', deps.random.uuid()),
    personId: facts.owner.id,
    requestedBy,
    deviceId: facts.id,
    jkt: facts.jkt,
    rules: wish.rules,
    resources: wish.resources,
    durationMs: wish.durationMs,
    extendsId,
  };
  return {
    ...scope,
    state: 'pending',
    observed: {},
    // What an approver decides on, whole: any other request has another hash.
    requestHash: sha256(canonicalJson({ ...scope, justification: wish.justification, ticket: wish.ticket ?? null })),
    approvalsNeeded,
    requestedAt: now,
    lapsesAt: now + deps.config.exceptionPendingMs,
    approvedAt: null,
    expiresAt: null,
    endedAt: null,
    decisions: [],
    version: 1,
  };
}

function rowOf(record: ExceptionRecord, wish: Wish): Change[] {
  return [
    insert('exceptions', {
      id: record.id,
      kind: 'device',
      state: record.state,
      person_id: record.personId,
      requested_by: record.requestedBy,
      device_id: record.deviceId,
      jkt: record.jkt,
      rules: JSON.stringify(record.rules),
      resources: JSON.stringify(record.resources),
      observed: '{}',
      duration_ms: record.durationMs,
      justification: wish.justification,
      ticket: wish.ticket ?? null,
      request_hash: record.requestHash,
      approvals_needed: record.approvalsNeeded,
      extends_id: record.extendsId,
      requested_at: record.requestedAt,
      lapses_at: record.lapsesAt,
      approved_at: null,
      expires_at: null,
      ended_at: null,
      ended_by: null,
      ended_reason: null,
      version: record.version,
    }),
  ];
}

function requestedEvent(record: ExceptionRecord, wish: Wish, actor: Actor, now: Instant) {
  return exceptionEvent('exception.requested', record, now, actor, {
    data: {
      requestedBy: record.requestedBy,
      resources: [...record.resources],
      durationMs: record.durationMs,
      ticket: wish.ticket ?? null,
      requestHash: record.requestHash,
      extends: record.extendsId,
    },
    text: wish.justification,
  });
}

/** Guarded by the device's exception epoch: of two requests at once the second reads again. */
async function commitRequest(deps: RequestDeps, facts: DeviceFacts, unit: Unit): Promise<void> {
  const epoch = updateOne(
    'devices',
    { id: facts.id, exception_epoch: facts.exceptionEpoch },
    { exception_epoch: facts.exceptionEpoch + 1 },
  );
  const changes = [epoch, ...unit.changes];
  try {
    await deps.store.commit({ changes, audit: unit.audit });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const failed = changes[error.change];
    throw new Fault(
      failed?.kind === 'insert' && failed.table === 'exception_slots' ? 'exception_overlaps' : 'conflict',
    );
  }
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
