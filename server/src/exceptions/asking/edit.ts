import { Fault } from '@postern/shared/protocol/errors';
import type { ExceptionEdit } from '@postern/shared/protocol/exception';
import { fromTimestamp, type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { proveStepUp } from '../../step-up/index.ts';
import { announceEnded } from '../announce.ts';
import { assessRequest } from './assess.ts';
import { approveAtOnce } from '../deciding/at-once.ts';
import { editChanges } from '../changes.ts';
import { apply, decide } from '../deciding/decide.ts';
import { exceptionEvent } from '../events.ts';
import { refuseOtherDevice } from './fitness.ts';
import { effectiveState } from '../lifecycle/lifecycle.ts';
import { hashOfRequest } from './new-request.ts';
import { findOverlap, placeChanges } from '../places.ts';
import { readChain, readOpenExceptions } from '../read.ts';
import type { ExceptionRecord } from '../lifecycle/record.ts';
import { refuseEmergency } from './prepare-request.ts';
import type { Actor } from './request.ts';
import { refuseUnknownResources } from './resources.ts';
import { requestSubject } from './subjects.ts';
import { joined } from '../units.ts';

/**
 * Makes a request that waits into another one, which nobody has voted on. It is looked at as if it was asked for now;
 * only until when it waits stays as it was.
 *
 * @param editing.deviceId the device that its person speaks through, who then hears of no other's exceptions
 * @throws Fault not_found, not_allowed, exception_state and those in `requestErrors` (route-parts.ts)
 */
export async function editException(
  deps: Pick<Deps, 'store' | 'policies' | 'config'>,
  editing: { id: string; by: Actor; deviceId?: string; edit: ExceptionEdit },
  now: Instant,
): Promise<void> {
  const { id, by, deviceId, edit } = editing;
  const { store } = deps;
  await decide(deps, { id, by: by.id, kind: 'edit' }, now, async (record, facts) => {
    if (deviceId !== undefined && (record.deviceId !== deviceId || record.personId !== by.id))
      throw new Fault('not_found');
    if (by.id !== record.personId && by.id !== record.requestedBy) throw new Fault('not_allowed');
    const state = effectiveState(record, now);
    if (state !== 'pending') throw new Fault('exception_state', { members: { state } });
    refuseOtherDevice(facts, record);
    const wanted = edited(record, edit);
    refuseOtherScope(record, edit);
    if (edit.resources !== undefined) await refuseUnknownResources(store.read, wanted.resources);

    const chain = await readChain(store.read, record.extendsId);
    const ticket = wanted.said.ticket ?? undefined;
    const reasonCode = wanted.said.reasonCode ?? undefined;
    const template = record.plan.template?.name;
    const sought = { ...wanted, ticket, reasonCode, template, exception: id };
    const { plan, rulebook, observed } = await assessRequest(deps, facts, sought, chain, now);
    refuseEmergency(plan);
    const others = (await readOpenExceptions(store.read, facts.id)).filter(
      (each) => each.id !== id && each.id !== record.extendsId,
    );
    const overlap = findOverlap(others, { ...record, ...wanted }, now);
    if (overlap !== undefined) throw new Fault('exception_overlaps', { members: { exception: overlap.id } });

    const { said, ...scope } = wanted;
    const asked = { ...scopeOf(record), ...scope, observed };
    const requestHash = hashOfRequest(asked, said, plan);
    const after = apply(record, { ...wanted, kind: 'edit', by: by.id, observed, plan, requestHash }, now);
    const subject = { purpose: 'request' as const, hash: requestSubject({ exception: id, edit }) };
    const given = { who: by, level: plan.stepUp.request, subject, answer: edit.stepUp };
    const proof = await proveStepUp(deps, given, now);
    const data = {
      voided: record.decisions.map(({ actorId }) => actorId),
      resources: [...after.resources],
      durationMs: after.durationMs,
      startsAt: after.startsAt,
      requestHash,
      previousHash: record.requestHash,
      reasonCode: said.reasonCode,
      risk: plan.risk.score,
    };
    const text = said.ticket === null ? said.justification : `${said.justification} (${said.ticket})`;
    const entry = exceptionEvent('exception.edited', after, now, { kind: 'person', id: by.id }, { data, text });
    return joined(
      proof.unit,
      // What has ended by itself still holds its places until somebody says so.
      announceEnded(others, now),
      { changes: [...editChanges(record, after, proof.authn), ...placeChanges(after)], audit: [entry] },
      approveAtOnce(after, { facts, rulebook }, now),
    );
  });
}

/** The request as it is to be: what the edit leaves out stays. */
function edited(record: ExceptionRecord, edit: ExceptionEdit) {
  const { kind, role, said } = record;
  const { duration, startsAt, ticket } = edit;
  return {
    kind,
    role,
    rules: [...new Set(edit.rules ?? record.rules)],
    resources: [...new Set(edit.resources ?? record.resources)],
    durationMs: duration === undefined ? record.durationMs : (parseDuration(duration) ?? 0),
    startsAt: typeof startsAt === 'string' ? fromTimestamp(startsAt) : startsAt === null ? null : record.startsAt,
    said: {
      justification: edit.justification ?? said.justification,
      ticket: ticket === undefined ? said.ticket : ticket,
      reasonCode: edit.reasonCode ?? said.reasonCode,
    },
  };
}

/** Throws Fault exception_state for what cannot become another thing: more time for something, and access to one resource. */
function refuseOtherScope({ extendsId, kind }: ExceptionRecord, edit: ExceptionEdit): void {
  const isFixed = extendsId !== null || kind === 'access';
  const named = (['rules', 'resources'] as const).filter((name) => edit[name] !== undefined);
  if (!isFixed || named.length === 0) return;
  const message = 'stays as it is: take the request back and ask for something else';
  throw new Fault('exception_state', { details: named.map((name) => ({ path: `body.${name}`, message })) });
}

/** What the hash of a request is taken over, besides what an edit changes. */
function scopeOf(record: ExceptionRecord) {
  const { id, setId, personId, requestedBy, deviceId, jkt, extendsId } = record;
  return { id, setId, personId, requestedBy, deviceId, jkt, extendsId };
}
