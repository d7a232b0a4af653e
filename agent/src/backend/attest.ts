import {
  type AttestationAnswer,
  attestationAnswerSchema,
  type AttestationClaims,
  attestationMediaType,
  attestationProfile,
  attestationType,
} from '@postern/shared/protocol/attestation';
import { sha256 } from '@postern/shared/digest';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Readings } from '@postern/shared/protocol/reading';
import { fromTimestamp, second, toNumericDate, toTimestamp } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import { asksForMore, checksOf } from '../plan.ts';
import { type AgentState, mostUnacknowledged } from '../state/state.ts';
import { BackendRefusal } from './faults.ts';
import { readOwnDevice } from './own-device.ts';
import type { Session } from './session.ts';

export interface AttestDeps {
  session: Session;
  agentVersion: string;
  /** Reads of the machine what the plan asks for. Called after the challenge, so that what is reported is newer than the nonce. */
  collect: (plan: CollectionPlan | null, clockOffsetMs: number | null) => Promise<Readings>;
  /** Resolves when the state is durable. */
  save: (state: AgentState) => Promise<void>;
}

export interface Attested {
  state: AgentState;
  /** What the readings were collected by. */
  plan: CollectionPlan | null;
  readings: Readings;
  answer: AttestationAnswer;
}

// Below this the network decides, not the clock.
const clockSlackMs = 5 * second;

/**
 * Reports the posture of this machine: 1. find out what the backend has, when an answer was lost; 2. challenge;
 * 3. collect what it asked for; 4. sign, and write down that it was signed; 5. send; 6. write down what came of it, and
 * what it asks for now. Where that is more than was sent, steps 2 to 6 follow once more, and only once.
 *
 * The caller holds the lock of the state from before it was read until this ends.
 *
 * @throws BackendRefusal @throws BackendUnreachable then the next attempt begins with step 1
 */
export async function attest(deps: AttestDeps): Promise<Attested> {
  const { session } = deps;
  if (session.state.unacknowledged.length > 0) await reconcile(deps);
  const attested = await attestWithRetry(deps);
  // A backend that asks for something else each time is served at the next turn.
  return asksForMore(attested.answer.collect, attested.plan) ? attestWithRetry(deps) : attested;
}

async function attestWithRetry(deps: AttestDeps): Promise<Attested> {
  try {
    return await attestOnce(deps);
  } catch (error) {
    if (!(error instanceof BackendRefusal)) throw error;
    // A nonce that grew old while a slow check was read.
    if (error.code === 'attestation_nonce') return attestOnce(deps);
    // The clock was set since its offset was measured; the challenge measures it again.
    if (error.code === 'attestation_from_future' || error.code === 'attestation_too_old') return attestOnce(deps);
    if (error.code !== 'attestation_replayed') throw error;
    await reconcile(deps);
    return attestOnce(deps);
  }
}

async function attestOnce(deps: AttestDeps): Promise<Attested> {
  const { session } = deps;
  const { backend } = session;
  const nonce = await backend.challenge();
  const { plan } = session.state;
  const collected = askedFor(plan, await deps.collect(plan, backend.clockOffsetMs));
  const readings = inBackendTime(collected, backend.clockOffsetMs);

  const claims = claimsOf(deps, nonce, readings);
  const text = JSON.stringify(claims);
  const jws = await signJws(session.key, { typ: attestationType, kid: session.key.thumbprint }, text);
  const sent = { seq: claims.seq, hash: sha256(jws) };
  await remember(deps, {
    seq: sent.seq,
    unacknowledged: [...session.state.unacknowledged, sent].slice(-mostUnacknowledged),
    lastSent: { to: backend.url, at: toTimestamp(backend.now()), hash: sent.hash, claims: text },
    clockOffsetMs: backend.clockOffsetMs,
  });

  let answer: AttestationAnswer;
  try {
    answer = await backend.call({
      method: 'POST',
      path: '/v1/attestations',
      answer: attestationAnswerSchema,
      body: () => ({ type: attestationMediaType, text: jws }),
    });
  } catch (error) {
    if (error instanceof BackendRefusal && !isKept(error)) {
      await remember(deps, { unacknowledged: session.state.unacknowledged.filter(({ hash }) => hash !== sent.hash) });
    }
    throw error;
  }
  await remember(deps, {
    prev: sent.hash,
    unacknowledged: [],
    lastAnswer: { seq: sent.seq, at: answer.attestation.receivedAt, verdict: answer.verdict },
    device: { ...session.state.device, state: 'active' },
    plan: answer.collect,
  });
  return { state: session.state, plan, readings, answer };
}

const quarantineCodes: ReadonlySet<string> = new Set([
  'attestation_rolled_back',
  'attestation_forked',
  'attestation_hardware_changed',
  'attestation_hardware_barred',
  'device_quarantined',
]);

/** Whether the backend has it although it refused it. Then the next attempt begins with asking where things stand. */
function isKept({ code }: BackendRefusal): boolean {
  return code === 'attestation_replayed' || quarantineCodes.has(code);
}

function claimsOf({ session, agentVersion }: AttestDeps, nonce: string, readings: Readings): AttestationClaims {
  const { state, backend } = session;
  return {
    iss: state.device.id,
    aud: state.server.issuer,
    iat: toNumericDate(backend.now()),
    eat_nonce: nonce,
    eat_profile: attestationProfile,
    swname: 'postern-agent',
    swversion: agentVersion,
    seq: state.seq + 1,
    prev: state.prev,
    readings,
  };
}

/**
 * Adopts the attestation that the backend has as the last one, if it is one of ours whose answer was lost. One that
 * is not ours is never adopted: then another machine reports as this device, and the backend must see both.
 */
async function reconcile(deps: AttestDeps): Promise<void> {
  const { state } = deps.session;
  const own = await readOwnDevice(deps.session);
  const last = own.attestation;
  const ours = last !== null && last.hash !== null && state.unacknowledged.some(({ hash }) => hash === last.hash);
  await remember(deps, {
    // After a release from quarantine it may be higher than ours: another machine counted on. What it signed stays its own.
    seq: Math.max(state.seq, last?.seq ?? 0),
    ...(ours ? { prev: last.hash } : {}),
    ...(ours && own.verdict !== null
      ? { lastAnswer: { seq: last.seq, at: last.receivedAt, verdict: own.verdict } }
      : {}),
    plan: own.collect,
    // One that was signed later may still be on its way.
    unacknowledged: ours ? state.unacknowledged.filter(({ seq }) => seq > last.seq) : state.unacknowledged,
  });
}

async function remember({ session, save }: AttestDeps, change: Partial<AgentState>): Promise<void> {
  session.state = { ...session.state, ...change };
  await save(session.state);
}

/** Whatever was read, nothing leaves this machine that nobody asked for. */
function askedFor(plan: CollectionPlan | null, readings: Readings): Readings {
  const checks = new Set(checksOf(plan));
  return Object.fromEntries(Object.entries(readings).filter(([id]) => checks.has(id)));
}

/** When a reading was taken, by the backend's clock; on a machine whose clock is right nothing changes. */
function inBackendTime(readings: Readings, clockOffsetMs: number | null): Readings {
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) < clockSlackMs) return readings;
  const shifted = (at: string) => toTimestamp(fromTimestamp(at) - clockOffsetMs);
  return Object.fromEntries(
    Object.entries(readings).map(([id, reading]) => [id, { ...reading, collectedAt: shifted(reading.collectedAt) }]),
  );
}
