import { errorKinds, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';
import type { Spent } from './spent.ts';

/** What is known of a request by the time that it is refused. */
export interface Attempt {
  /** Path of the endpoint. */
  endpoint: string;
  now: Instant;
  /** Proofs and assertions that were valid. They are used up, also when the request is refused. */
  spent: Spent[];
  /** Whose device the caller says it is. */
  deviceId: string | null;
  /** Whether that was shown. */
  authenticated: boolean;
  resource: string | null;
  /** Rules that stand in the way. */
  rules: string[];
}

export function newAttempt(endpoint: string, now: Instant): Attempt {
  return { endpoint, now, spent: [], deviceId: null, authenticated: false, resource: null, rules: [] };
}

export type RefuseDeps = Pick<Deps, 'store' | 'anonymousRefusals'>;

/** A part of the protocol rather than a refusal, or an empty request: nothing that is worth a place in the audit. */
const silent: ReadonlySet<string> = new Set<Fault['code']>(['nonce_required', 'proof_missing', 'assertion_missing']);

/**
 * Commits a unit that uses up what the caller showed.
 *
 * @throws Fault `proof_replayed` or `assertion_replayed` when it was used before: then nothing of the unit was written
 */
export async function commitSpending(store: Store, spent: readonly Spent[], unit: Unit): Promise<void> {
  try {
    await store.commit({ ...unit, changes: [...spent.map(({ change }) => change), ...unit.changes] });
  } catch (error) {
    const used = error instanceof ConflictError ? spent[error.change] : undefined;
    throw used === undefined ? error : new Fault(used.code, { cause: error });
  }
}

/**
 * Records a refusal and uses up what the caller showed, in one unit. Of refusals that anybody could bring about, only
 * so many are recorded: those of callers who did not show who they are, and of what was seen before, which proves nothing.
 *
 * @returns what to throw: the fault, or that the proof or assertion was used before
 */
export async function refuse(deps: RefuseDeps, attempt: Attempt, fault: Fault): Promise<Fault> {
  try {
    const spent = isReplay(fault) ? [] : attempt.spent;
    const audit = auditOf(deps, attempt, fault);
    if (spent.length + audit.length > 0) await commitSpending(deps.store, spent, { changes: [], audit });
    return fault;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const audit = auditOf(deps, attempt, error);
    if (audit.length > 0) await deps.store.commit({ changes: [], audit });
    return error;
  }
}

function auditOf({ anonymousRefusals }: RefuseDeps, attempt: Attempt, refused: Fault): AuditEvent[] {
  if (silent.has(refused.code)) return [];
  const event = eventOf(attempt, refused);
  if (attempt.authenticated && !isReplay(refused)) return [event];
  return anonymousRefusals.record(refused.code, event, attempt.now);
}

function isReplay({ code }: Fault): boolean {
  return code === 'proof_replayed' || code === 'assertion_replayed';
}

function eventOf(attempt: Attempt, { code }: Fault): AuditEvent {
  const { deviceId } = attempt;
  const actor: Actor =
    attempt.authenticated && deviceId !== null ? { kind: 'device', id: deviceId } : { kind: 'anonymous', id: null };
  const isCredential = ['invalid_dpop_proof', 'invalid_client'].includes(errorKinds[code].oauth ?? '');
  return {
    at: attempt.now,
    type: isCredential || !attempt.authenticated ? 'proof.refused' : 'token.refused',
    outcome: 'failure',
    actor,
    subject: deviceId === null ? null : { kind: 'device', id: deviceId },
    data: {
      code,
      endpoint: attempt.endpoint,
      ...(attempt.resource === null ? {} : { resource: attempt.resource }),
      ...(attempt.rules.length === 0 ? {} : { rules: attempt.rules }),
    },
  };
}
