import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK, importJWK, type JWK, jwtVerify } from 'jose';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import { type AttestationClaims, attestationClaimsSchema } from '@postern/shared/protocol/attestation';
import { enrollmentRequestSchema, keyProofClaimsSchema, keyProofType } from '@postern/shared/protocol/enrollment';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { Fault } from '@postern/shared/protocol/errors';
import { exceptionPreviewSchema } from '@postern/shared/protocol/impact';
import {
  accessRequestSchema,
  exceptionExtensionSchema,
  exceptionRequestSchema,
} from '@postern/shared/protocol/exception';
import { type Clock, hour, toTimestamp } from '@postern/shared/time';
import { impactOf } from './impact.ts';
import { noticeFromTomorrow, offeredTemplate } from './told.ts';
import { deviceId, enrollmentId, exceptionId, planOf, userId, verdictOf } from './documents.ts';

interface Answer {
  status?: number;
  body: unknown;
}

/** What becomes of the next request to a path: it never arrives, its answer never does, or it is refused. */
type Mishap = 'lose-request' | 'lose-answer' | ErrorCode;

export interface FakeBackend {
  readonly url: string;
  issuer: string;
  /** What it calls itself at the end of an enrollment, if something else. */
  finishIssuer: string | undefined;
  /** All paths that were asked for, in order. */
  readonly asked: string[];
  /** Claims of every attestation that was accepted, in order. */
  readonly accepted: AttestationClaims[];
  /** Public key of the enrolled device. */
  key: JWK | undefined;
  state: 'active' | 'suspended';
  fine: boolean;
  /** Whether it gives client attestations. */
  attests: boolean;
  /** How clients showed who they are when they got a token, in order. */
  readonly authenticatedBy: ('attestation' | 'assertion')[];
  /** What token requests demand of the device that it does not meet, until it reports anew. */
  unmet: boolean;
  /** The forms of token requests, in order. */
  readonly tokenRequests: Record<string, string>[];
  /** What it asks to be collected. */
  plan: CollectionPlan;
  /** Makes another answer of one: what a newer backend would say. */
  rewrite: ((body: unknown, path: string) => unknown) | undefined;
  /** Says that it had another attestation last than those that the device names: as if another machine had reported. */
  isOvertaken: boolean;
  /** How often the device code is asked for before it is approved, and how it is answered until then. */
  pendingAnswers: ErrorCode[];
  /** Once each. */
  readonly mishaps: { path: string; what: Mishap }[];
  /** Takes over the whole server: for answers that no Postern would give. */
  override: RequestListener | undefined;
  stop(): Promise<void>;
}

/**
 * A backend that plays the protocol over real HTTP, and checks with jose whatever the agent signs. It judges
 * nothing: whether the device is fine is a switch.
 */
export async function startFakeBackend(t: TestContext, clock: Clock): Promise<FakeBackend> {
  const nonces = new Set<string>();
  const spent = new Set<string>();
  const attested = new Set<string>();
  let last: { seq: number; hash: string } | null = null;

  const refuse = (code: ErrorCode, members: Record<string, unknown> = {}): never => {
    throw new Fault(code, { members });
  };

  async function checkProof(request: IncomingMessage, path: string): Promise<void> {
    const proof = request.headers.dpop;
    if (typeof proof !== 'string') return refuse('proof_missing');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(clock.now()),
      maxTokenAge: 60,
    }).catch(() => refuse('proof_too_old'));
    if (protectedHeader.jwk === undefined || backend.key === undefined) return refuse('device_unknown');
    if ((await calculateJwkThumbprint(protectedHeader.jwk)) !== (await calculateJwkThumbprint(backend.key))) {
      return refuse('device_unknown');
    }
    if (payload['htm'] !== request.method || payload['htu'] !== `${backend.issuer}${path}`) refuse('proof_other_url');
    if (typeof payload['nonce'] !== 'string' || !nonces.has(payload['nonce'])) refuse('nonce_required');
    if (spent.has(payload.jti ?? '')) refuse('proof_replayed');
    spent.add(payload.jti ?? '');
    if (backend.state === 'suspended') refuse('device_suspended');
  }

  async function checkAssertion(assertion: string): Promise<void> {
    const { payload } = await jwtVerify(assertion, await deviceKey(), {
      audience: backend.issuer,
      issuer: deviceId,
      subject: deviceId,
      algorithms: ['ES256'],
      currentDate: new Date(clock.now()),
    }).catch(() => refuse('assertion_expired'));
    if (spent.has(payload.jti ?? '')) refuse('assertion_replayed');
    spent.add(payload.jti ?? '');
  }

  async function deviceKey() {
    return importJWK(backend.key ?? {}, 'ES256');
  }

  const routes: Record<string, (request: IncomingMessage, body: string) => Promise<Answer>> = {
    'POST /oauth/challenge': async () => ({
      body: { attestation_challenge: newNonce(), server_time: toTimestamp(clock.now()) },
    }),
    'POST /oauth/device_authorization': async () => ({
      body: {
        device_code: 'd'.repeat(32),
        user_code: 'WXYZ-BCDF',
        verification_uri: `${backend.url}/activate`,
        verification_uri_complete: `${backend.url}/activate?user_code=WXYZ-BCDF`,
        expires_in: 600,
        interval: 5,
      },
    }),
    'POST /v1/enrollments': async (_request, body) => {
      const wish = enrollmentRequestSchema.parse(JSON.parse(body));
      const waiting = wish.device_code === undefined ? undefined : backend.pendingAnswers.shift();
      if (waiting !== undefined) refuse(waiting);
      if (wish.token === 'not-the-right-token') refuse('enrollment_token_invalid');
      if (backend.key !== undefined) refuse('key_already_enrolled');
      offered = wish.key;
      return {
        status: 201,
        body: {
          id: enrollmentId,
          challenge: 'challenge-of-the-enrollment',
          issuer: backend.issuer,
          expiresAt: toTimestamp(clock.now() + 600_000),
        },
      };
    },
    [`POST /v1/enrollments/${enrollmentId}/finish`]: async (_request, body) => {
      const { proof } = JSON.parse(body) as { proof: string };
      const { payload } = await jwtVerify(proof, EmbeddedJWK, {
        typ: keyProofType,
        audience: backend.issuer,
        algorithms: ['ES256'],
        currentDate: new Date(clock.now()),
      });
      const claims = keyProofClaimsSchema.parse(payload);
      if (claims.nonce !== 'challenge-of-the-enrollment' || claims.sub !== enrollmentId) refuse('key_proof_invalid');
      backend.key = offered;
      return {
        status: 201,
        body: {
          deviceId,
          clientId: deviceId,
          state: 'active',
          keyThumbprint: await calculateJwkThumbprint(offered ?? {}),
          keyProtection: 'software',
          owner: { id: userId, name: 'Ada' },
          issuer: backend.finishIssuer ?? backend.issuer,
          attestEverySeconds: 900,
          collect: backend.plan,
        },
      };
    },
    'POST /v1/attestations': async (request, body) => {
      if (request.headers['content-type'] !== 'application/eat+jwt') refuse('unsupported_content_type');
      const { payload, protectedHeader } = await compactVerify(body, await deviceKey(), { algorithms: ['ES256'] });
      if (
        protectedHeader.typ !== 'eat+jwt' ||
        protectedHeader.kid !== (await calculateJwkThumbprint(backend.key ?? {}))
      )
        refuse('attestation_foreign_key');
      const claims = attestationClaimsSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
      const hash = createHash('sha256').update(body).digest('base64url');
      if (backend.state === 'suspended') refuse('device_suspended');
      if (hash === last?.hash) refuse('attestation_replayed');
      if (!nonces.delete(claims.eat_nonce)) refuse('attestation_nonce');
      if (Math.abs(claims.iat * 1000 - clock.now()) > 60_000) refuse('attestation_too_old');
      if (claims.aud !== backend.issuer || claims.iss !== deviceId) refuse('attestation_audience');
      if (claims.seq <= (last?.seq ?? 0)) refuse('attestation_rolled_back');
      if (claims.prev !== (last?.hash ?? null)) refuse('attestation_forked');
      last = { seq: claims.seq, hash };
      backend.accepted.push(claims);
      backend.unmet = false;
      return {
        body: {
          attestation: { ...last, receivedAt: toTimestamp(clock.now()) },
          verdict: verdictOf(backend.fine, clock.now()),
          collect: backend.plan,
        },
      };
    },
    'GET /v1/device': async (request) => {
      await checkProof(request, '/v1/device');
      const receivedAt = toTimestamp(clock.now());
      return {
        body: {
          id: deviceId,
          name: 'ada-laptop',
          state: backend.state,
          quarantined: false,
          owner: { id: userId, name: 'Ada' },
          keyProvider: 'file',
          keyProtection: 'software',
          ownership: 'unknown',
          attestation: last && {
            seq: last.seq,
            hash: backend.isOvertaken || !named.includes(last.hash) ? null : last.hash,
            receivedAt,
          },
          verdict: last && verdictOf(backend.fine, clock.now()),
          exceptions: [],
          sent: backend.accepted.at(-1)?.readings ?? null,
          collect: backend.plan,
        },
      };
    },
    'POST /v1/exceptions': async (request, body) => {
      await checkProof(request, '/v1/exceptions');
      const wish = exceptionRequestSchema.parse(JSON.parse(body));
      return { status: 201, body: exceptionOf('pending', wish.rules, wish.justification) };
    },
    'POST /v1/exceptions/preview': async (request, body) => {
      await checkProof(request, '/v1/exceptions/preview');
      const { rules } = exceptionPreviewSchema.parse(JSON.parse(body));
      return { body: impactOf(rules, toTimestamp(clock.now() + 8 * hour)) };
    },
    'POST /v1/access': async (request, body) => {
      await checkProof(request, '/v1/access');
      const { resource, role, justification } = accessRequestSchema.parse(JSON.parse(body));
      const access = { kind: 'access', resources: [resource], role };
      return { status: 201, body: { ...exceptionOf('pending', [], justification), ...access } };
    },
    'GET /v1/access': async (request) => {
      await checkProof(request, '/v1/access');
      const template = {
        name: 'temporary-access',
        title: 'Temporary access',
        description: 'For a task.',
        impact: 'It opens.',
        durations: ['15m', '1h'],
        maxDuration: '8h',
        begins: 'first-use',
        emergency: false,
        ticket: 'optional',
        reasonCodes: [],
        stepUp: 'none',
      };
      const offer = { resource: 'https://db.example', title: null, tier: null, roles: ['read'], templates: [template] };
      return { body: { items: [], offers: [offer] } };
    },
    'GET /v1/templates': async (request) => {
      await checkProof(request, '/v1/templates');
      return { body: { items: [offeredTemplate] } };
    },
    'GET /v1/notices': async (request) => {
      await checkProof(request, '/v1/notices');
      return { body: { items: [noticeFromTomorrow(clock.now())] } };
    },
    [`POST /v1/exceptions/${exceptionId}/extend`]: async (request, body) => {
      await checkProof(request, `/v1/exceptions/${exceptionId}/extend`);
      const { justification } = exceptionExtensionSchema.parse(JSON.parse(body));
      return { status: 201, body: exceptionOf('pending', ['baseline/firewall'], justification) };
    },
    'GET /v1/exceptions': async (request) => {
      await checkProof(request, '/v1/exceptions');
      return { body: { items: [exceptionOf('pending', ['baseline/firewall'], 'The firewall is being replaced')] } };
    },
    [`POST /v1/exceptions/${exceptionId}/withdraw`]: async (request) => {
      await checkProof(request, `/v1/exceptions/${exceptionId}/withdraw`);
      return { body: exceptionOf('withdrawn', ['baseline/firewall'], 'The firewall is being replaced') };
    },
    [`POST /v1/exceptions/${exceptionId}/relinquish`]: async (request) => {
      await checkProof(request, `/v1/exceptions/${exceptionId}/relinquish`);
      return { body: exceptionOf('relinquished', ['baseline/firewall'], 'The firewall is being replaced') };
    },
    'POST /oauth/client-attestation': async (request) => {
      if (!backend.attests) refuse('not_found');
      await checkProof(request, '/oauth/client-attestation');
      const attestation = `attestation.${attested.size}.signature`;
      attested.add(attestation);
      return { body: { client_attestation: attestation, expires_in: 600 } };
    },
    'POST /oauth/token': async (request, body) => {
      const form = new URLSearchParams(body);
      backend.tokenRequests.push(Object.fromEntries(form));
      const attestation = request.headers['oauth-client-attestation'];
      if (attestation === undefined) await checkAssertion(form.get('client_assertion') ?? '');
      else if (!attested.has(String(attestation))) refuse('client_attestation_invalid');
      await checkProof(request, '/oauth/token');
      if (backend.unmet) refuse('authentication_requirements_unmet');
      backend.authenticatedBy.push(attestation === undefined ? 'assertion' : 'attestation');
      if (!backend.fine) {
        refuse('posture_refused', {
          failed_checks: [
            {
              rule: 'baseline/firewall',
              title: 'Firewall is on',
              outcome: 'fail',
              expected: 'A firewall filters what comes in',
              observed: 'ufw, off',
              reason: null,
              since: null,
              deadline: null,
              fix: { text: 'Turn on the firewall', link: null },
            },
          ],
        });
      }
      return {
        body: {
          access_token: `token-for-${form.get('resource')?.replaceAll(/[^a-z.]/g, '-')}`,
          token_type: 'DPoP',
          expires_in: 300,
        },
      };
    },
  };

  let offered: JWK | undefined;
  /** What the device that asks says it sent. */
  let named: string[] = [];

  function newNonce(): string {
    const nonce = randomUUID();
    nonces.add(nonce);
    return nonce;
  }

  function exceptionOf(state: string, rules: string[], justification: string) {
    const person = { id: userId, name: 'Ada' };
    const at = toTimestamp(clock.now());
    return {
      id: exceptionId,
      kind: 'device',
      state,
      live: false,
      person,
      requestedBy: person,
      device: { id: deviceId, name: 'ada-laptop' },
      rules,
      resources: [],
      durationSeconds: 28_800,
      justification,
      ticket: null,
      observed: [],
      requestHash: 'h'.repeat(43),
      requestedAt: at,
      lapsesAt: at,
      role: null,
      template: null,
      reasonCode: null,
      set: null,
      emergency: false,
      startsAt: null,
      beginsAt: null,
      stages: [{ title: 'Approval', groups: null, manager: false, approvals: 1, given: 0 }],
      autoApprovedBy: null,
      stepUp: { request: 'none', approval: 'none' },
      requestedAuthn: null,
      risk: { score: 0, inputs: [] },
      conditions: [],
      approvedAt: null,
      expiresAt: null,
      endedAt: null,
      endedReason: null,
      extends: null,
      approvalsNeeded: 1,
      decisions: [],
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (backend.override !== undefined) return backend.override(request, response);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    named = new URLSearchParams(query).get('sent')?.split(',') ?? [];
    backend.asked.push(`${request.method} ${path}`);
    const at = backend.mishaps.findIndex((mishap) => mishap.path === path);
    const [mishap] = at < 0 ? [] : backend.mishaps.splice(at, 1);
    if (mishap?.what === 'lose-request') return void response.destroy();
    const body = await text(request);
    let answer: Answer;
    try {
      const route = routes[`${request.method} ${path}`] ?? (() => refuse('not_found'));
      if (mishap !== undefined && mishap.what !== 'lose-answer') refuse(mishap.what);
      answer = await route(request, body);
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault('malformed_request', { cause: error });
      answer = { status: fault.status, body: toErrorAnswer(fault) };
    }
    if (mishap?.what === 'lose-answer') return void response.destroy();
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', 'dpop-nonce': newNonce() });
    response.end(JSON.stringify(backend.rewrite?.(answer.body, path) ?? answer.body));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const backend: FakeBackend = {
    url,
    issuer: url,
    finishIssuer: undefined,
    asked: [],
    accepted: [],
    key: undefined,
    state: 'active',
    fine: true,
    attests: false,
    authenticatedBy: [],
    unmet: false,
    tokenRequests: [],
    plan: planOf(),
    rewrite: undefined,
    isOvertaken: false,
    pendingAnswers: [],
    mishaps: [],
    override: undefined,
    stop,
  };
  t.after(stop);
  return backend;
}
