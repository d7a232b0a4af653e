import { errorKinds, Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';
import type { Spent, SpentStored } from './spent.ts';

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
const silent: ReadonlySet<string> = new Set<Fault['code']>([
  'nonce_required',
  'proof_missing',
  'assertion_missing',
  'attestation_pop_challenge',
  'client_attestation_expired',
  'authorization_pending',
  'slow_down',
]);

const replayed: ReadonlySet<string> = new Set<Fault['code']>([
  'proof_replayed',
  'assertion_replayed',
  'attestation_pop_replayed',
]);

/** Of the codes that OAuth knows: those that are about who the caller is rather than what they may. */
const aboutCredentials: ReadonlySet<string> = new Set([
  'invalid_dpop_proof',
  'invalid_client',
  'invalid_client_attestation',
]);

/**
 * Commits a unit that uses up what the caller showed.
 *
 * @throws Fault that says what was used before, as `proof_replayed`: then nothing of the unit was written
 */
export async function commitSpending(store: Store, spent: readonly Spent[], unit: Unit): Promise<void> {
  const stored: SpentStored[] = [];
  for (const each of spent) {
    if ('change' in each) stored.push(each);
    else if (!each.useUp()) throw new Fault(each.code);
  }
  // Nothing that has to be found again: nothing to wait for.
  if (stored.length + unit.changes.length + unit.audit.length === 0) return;
  try {
    await store.commit({ ...unit, changes: [...stored.map(({ change }) => change), ...unit.changes] });
  } catch (error) {
    const used = error instanceof ConflictError ? stored[error.change] : undefined;
    throw used === undefined ? error : new Fault(used.code, { cause: error });
  }
}

/**
 * Records a refusal and uses up what the caller showed, in one unit. Of refusals that anybody could bring about, only
 * so many are recorded: those of callers who did not show who they are, and of what was seen before, which proves nothing.
 *
 * @returns what to throw: the fault, or that something was used before
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
  return replayed.has(code);
}

function eventOf(attempt: Attempt, { code }: Fault): AuditEvent {
  const { deviceId } = attempt;
  const actor: Actor =
    attempt.authenticated && deviceId !== null ? { kind: 'device', id: deviceId } : { kind: 'anonymous', id: null };
  const isCredential = aboutCredentials.has(errorKinds[code].oauth ?? '');
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
