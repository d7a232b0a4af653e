import type { z } from 'zod';
import type { Platform } from '@postern/shared/checks/define';
import { type OwnDevice, ownDeviceSchema } from '@postern/shared/protocol/device';
import {
  enrolledSchema,
  enrollmentAnswerSchema,
  type Enrolled,
  type enrollmentRequestSchema,
  keyProofType,
} from '@postern/shared/protocol/enrollment';
import { second, toNumericDate, toTimestamp } from '@postern/shared/time';
import { signJws } from '../keys/jws.ts';
import type { DeviceKey, KeyProvider, KeyRef } from '../keys/provider.ts';
import { chooseProvider } from '../keys/select.ts';
import { type AgentState, stateVersion } from '../state/state.ts';
import type { Timer } from '../timer.ts';
import type { Backend } from './client.ts';
import { type Authorization, authorizeDevice, pollUntilApproved } from './device-flow.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';
import { checkIssuer } from './server-url.ts';

/** By what right the device is enrolled. */
export type Grant =
  | { kind: 'token'; token: string }
  /** `show` tells the person where to approve. */
  | { kind: 'device-flow'; show: (authorization: Authorization) => void };

export interface EnrollmentWish {
  grant: Grant;
  deviceName: string;
  platform: Platform;
  agentVersion: string;
  /** What the person says the backend calls itself, if they do. */
  expectedIssuer: string | undefined;
  insecureHttp: boolean;
}

interface EnrollDeps {
  backend: Backend;
  providers: readonly KeyProvider[];
  timer: Timer;
  /** Remembers that this machine is enrolled. Called once, at the end. */
  save: (state: AgentState) => Promise<void>;
}

type EnrollmentRequest = z.input<typeof enrollmentRequestSchema>;
type Enrollment = z.output<typeof enrollmentAnswerSchema>;

const finishAttempts = 3;
const finishPauseMs = 2 * second;
/** Where the answer that would say it was lost. */
const defaultAttestEverySeconds = 900;

/**
 * Enrolls this machine: 1. a device key, 2. leave to enroll, 3. proof that the key is held, 4. the state.
 * A refusal destroys the key that was made here, so that the next try begins anew; a lost connection keeps it. So does a
 * key from an earlier try: the backend may have enrolled it, and then the device goes on as what it is there.
 *
 * @throws BackendRefusal @throws BackendUnreachable @throws KeyError @throws ServerUrlError
 */
export async function enroll(deps: EnrollDeps, wish: EnrollmentWish): Promise<AgentState> {
  const provider = await chooseProvider(deps.providers);
  const leftover = await provider.leftover();
  const ref = leftover ?? (await provider.create());
  const key = await provider.load(ref);
  try {
    const enrolled = await enrollKey(deps, wish, provider, key);
    const state = newState(deps, wish, ref, enrolled);
    await deps.save(state);
    return state;
  } catch (error) {
    if (error instanceof BackendRefusal && leftover === undefined && error.code !== 'key_already_enrolled')
      await provider.remove();
    throw error;
  }
}

async function enrollKey(
  deps: EnrollDeps,
  wish: EnrollmentWish,
  provider: KeyProvider,
  key: DeviceKey,
): Promise<Enrolled> {
  const about = {
    key: key.publicJwk,
    provider: provider.id,
    device: { name: wish.deviceName, platform: wish.platform, agentVersion: wish.agentVersion },
  };
  // The clock first: on a machine with a wrong one the proof would be dated wrongly.
  await deps.backend.challenge();
  let enrollment: Enrollment;
  try {
    enrollment = await begin(deps, wish, about);
  } catch (error) {
    if (!(error instanceof BackendRefusal) || error.code !== 'key_already_enrolled') throw error;
    return goOn(deps, key, wish.expectedIssuer ?? deps.backend.url, error);
  }
  checkIssuer(deps.backend.url, enrollment.issuer, wish.expectedIssuer);
  const enrolled = await finish(deps, key, enrollment);
  // Only what was checked is believed: another issuer would receive proofs that are good there.
  return { ...enrolled, issuer: enrollment.issuer };
}

/** An earlier try was enrolled, and this machine was stopped before it could write that down. */
async function goOn(deps: EnrollDeps, key: DeviceKey, issuer: string, refusal: BackendRefusal): Promise<Enrolled> {
  const own = await askWhetherEnrolled(deps.backend, key, issuer).catch((error: unknown) => {
    if (error instanceof BackendRefusal) return undefined;
    throw error;
  });
  if (own === undefined) throw refusal;
  return enrolledFrom(own, key, issuer);
}

async function begin(
  deps: EnrollDeps,
  wish: EnrollmentWish,
  about: Omit<EnrollmentRequest, 'token' | 'device_code'>,
): Promise<Enrollment> {
  const { grant } = wish;
  if (grant.kind === 'token') return beginWith(deps.backend, { ...about, token: grant.token });
  const authorization = await authorizeDevice(deps.backend, wish.deviceName);
  grant.show(authorization);
  return pollUntilApproved(deps, authorization, (code) => beginWith(deps.backend, { ...about, device_code: code }));
}

function beginWith(backend: Backend, request: EnrollmentRequest): Promise<Enrollment> {
  return backend.call({
    method: 'POST',
    path: '/v1/enrollments',
    answer: enrollmentAnswerSchema,
    body: () => ({ type: 'application/json', text: JSON.stringify(request) }),
  });
}

/** When the answer gets lost, the device asks whether it is enrolled: a second finish would be refused if it is. */
async function finish(deps: EnrollDeps, key: DeviceKey, enrollment: Enrollment): Promise<Enrolled> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendProof(deps.backend, key, enrollment);
    } catch (error) {
      if (!(error instanceof BackendUnreachable) || attempt === finishAttempts) throw error;
    }
    await deps.timer.sleep(attempt * finishPauseMs);
    const own = await askWhetherEnrolled(deps.backend, key, enrollment.issuer);
    if (own !== undefined) return enrolledFrom(own, key, enrollment.issuer);
  }
}

function sendProof(backend: Backend, key: DeviceKey, enrollment: Enrollment): Promise<Enrolled> {
  return backend.call({
    method: 'POST',
    path: `/v1/enrollments/${enrollment.id}/finish`,
    answer: enrolledSchema,
    body: async () => {
      const claims = {
        aud: enrollment.issuer,
        iat: toNumericDate(backend.now()),
        nonce: enrollment.challenge,
        sub: enrollment.id,
      };
      const proof = await signJws(key, { typ: keyProofType, jwk: key.publicJwk }, JSON.stringify(claims));
      return { type: 'application/json', text: JSON.stringify({ proof }) };
    },
  });
}

async function askWhetherEnrolled(backend: Backend, key: DeviceKey, issuer: string): Promise<OwnDevice | undefined> {
  try {
    return await backend.call({ method: 'GET', path: '/v1/device', answer: ownDeviceSchema, prover: { key, issuer } });
  } catch (error) {
    if (error instanceof BackendUnreachable) return undefined;
    if (error instanceof BackendRefusal && error.code === 'device_unknown') return undefined;
    throw error;
  }
}

function enrolledFrom(own: OwnDevice, key: DeviceKey, issuer: string): Enrolled {
  return {
    deviceId: own.id,
    clientId: own.id,
    state: own.state,
    keyThumbprint: key.thumbprint,
    keyProtection: own.keyProtection,
    owner: own.owner,
    issuer,
    attestEverySeconds: defaultAttestEverySeconds,
    collect: own.collect,
  };
}

function newState({ backend }: EnrollDeps, wish: EnrollmentWish, key: KeyRef, enrolled: Enrolled): AgentState {
  return {
    version: stateVersion,
    server: { url: backend.url, issuer: enrolled.issuer, insecureHttp: wish.insecureHttp },
    device: {
      id: enrolled.deviceId,
      name: wish.deviceName,
      owner: enrolled.owner,
      state: enrolled.state,
      keyProtection: enrolled.keyProtection,
    },
    key,
    enrolledAt: toTimestamp(backend.now()),
    attestEverySeconds: enrolled.attestEverySeconds,
    seq: 0,
    prev: null,
    unacknowledged: [],
    lastSent: null,
    lastAnswer: null,
    plan: enrolled.collect,
    clockOffsetMs: backend.clockOffsetMs,
  };
}
