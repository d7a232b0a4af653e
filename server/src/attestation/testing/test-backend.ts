import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Role, roles as allRoles } from '@postern/shared/protocol/admin';
import type { AttestationAnswer } from '@postern/shared/protocol/attestation';
import type { Enrolled, KeyProviderId } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { day, hour, type Instant, minute } from '@postern/shared/time';
import type { AuditEventType } from '../../audit/event.ts';
import { AnonymousRefusals } from '../../audit/index.ts';
import type { Config } from '../../config.ts';
import { deviceRoutes, readDeviceFacts } from '../../devices/index.ts';
import { createEnrollmentToken, enrollmentRoutes, type EnrollmentTokenWish } from '../../enrollment/index.ts';
import { endedByEvidence } from '../../exceptions/index.ts';
import type { Caller, PersonCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { parseWith } from '../../http/validate.ts';
import { createCurrentPolicies, publishPolicy } from '../../policy/index.ts';
import { systemRandom } from '../../random.ts';
import { insert } from '../../storage/change.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { deviceAuthorizationEndpoint } from '../../tokens/device-authorization.ts';
import type { Nonces } from '../../tokens/nonces.ts';
import type { ReceiveDeps } from '../receive.ts';
import { attestationRoutes } from '../routes.ts';
import { FakeDevice, type Forgery } from './fake-device.ts';
import { someReadings } from './readings.ts';

export const issuer = 'https://postern.test';

/** A firewall that blocks at once, and a disk that has three days. */
export const testPolicy = `
policy: test
title: What tests demand
max_age: 1h
rules:
  - { id: firewall, title: Firewall is on, check: firewall, require: value.enabled, expected: on, time_to_fix: '0' }
  - { id: disk, title: Disk is encrypted, check: disk-encryption, require: value.state == "full", expected: full, time_to_fix: 3d }
`;

interface Answer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
  /** Names in lower case. */
  headers: Record<string, string>;
}

export type TestBackend = Awaited<ReturnType<typeof openTestBackend>>;

/** Enrollment, devices and attestation over a store of their own, with a clock that tests move. */
export async function openTestBackend(
  t: Pick<TestContext, 'after'>,
  { settings, ...replaced }: Partial<ReceiveDeps> & { settings?: Partial<Config> } = {},
) {
  const store = await openTestStore(t);
  const clock = { at: Date.parse('2026-11-21T09:00:00Z'), now: () => clock.at };
  const nonces: Nonces = {
    issue: (now) => `nonce-${now}`,
    check: (nonce, now) => {
      const at = /^nonce-(\d+)$/.exec(nonce)?.[1];
      if (at === undefined) return 'unknown';
      return now - Number(at) < 5 * minute ? 'fresh' : 'stale';
    },
  };
  const config = {
    issuer,
    attestEveryMs: 5 * minute,
    identifiers: 'plain',
    identifierKey: 'k'.repeat(43),
    keepAttestationsMs: 30 * day,
    attestationsPerDevice: 1000,
    deviceFlowPending: false,
    ...settings,
  } as Config;
  const policies = createCurrentPolicies(store);
  const deps = {
    store,
    clock,
    config,
    nonces,
    policies,
    random: systemRandom,
    exceptionEffects: endedByEvidence,
    anonymousRefusals: new AnonymousRefusals(),
    ...replaced,
  };
  const routes = [
    ...enrollmentRoutes(deps),
    deviceAuthorizationEndpoint({ ...deps, clientAuthentication: [] }),
    ...attestationRoutes(deps),
    ...deviceRoutes({ ...deps, exceptionViews: async () => [] }),
  ];
  await publishPolicy(store, testPolicy, { kind: 'system', id: null }, clock.now());
  const ada = await addPerson('Ada', ['admin']);
  const bob = await addPerson('Bob', ['employee']);

  async function addPerson(name: string, roles: readonly Role[]): Promise<PersonCaller> {
    const id = `usr_${systemRandom.uuid().replaceAll('-', '')}`;
    const email = `${name.toLowerCase()}@example.org`;
    const row = {
      id,
      name,
      email,
      roles: JSON.stringify(roles),
      active: 1,
      created_at: clock.now(),
      groups: '[]',
      manager_id: null,
      notify: '{}',
    };
    await store.commit({ changes: [insert('users', row)], audit: [] });
    return {
      kind: 'person',
      id,
      name,
      roles: roles.filter((role) => allRoles.includes(role)),
      via: 'session',
      authenticatedAt: 0,
    };
  }

  /** Calls an endpoint as the HTTP adapter does, without HTTP. What it answers is held to its schema. */
  async function call<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    sent: { body?: unknown; query?: Record<string, unknown>; as?: Caller; from?: string } = {},
  ): Promise<Answer<Body>> {
    const { route, params } = findRoute(routes, method, path);
    try {
      const caller = sent.as ?? { kind: 'anonymous' };
      const reply = await route.handle({
        params: route.params === undefined ? {} : parseWith(route.params, params, 'params'),
        query: route.query === undefined ? {} : parseWith(route.query, sent.query ?? {}, 'query'),
        body: route.body === undefined ? undefined : parseWith(route.body.schema, sent.body, 'body'),
        caller,
        header: () => undefined,
        method,
        url: issuer + path,
        remoteAddress: sent.from ?? '192.0.2.1',
        now: clock.now(),
      });
      const schema = route.replies[reply.status];
      assert.notEqual(schema, undefined, `${method} ${path} does not name its answer ${reply.status}`);
      if (schema) schema.parse(JSON.parse(JSON.stringify(reply.body)));
      return { status: reply.status, body: reply.body as Body, headers: lowerCase(reply.headers) };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const named = [...route.errors, 'malformed_request'];
      assert.ok(named.includes(error.code), `${method} ${path} does not name its refusal ${error.code}`);
      return { status: error.status, body: toErrorAnswer(error) as Body, headers: lowerCase(error.headers) };
    }
  }

  /** Makes an enrollment token for Bob, or as wished. */
  async function makeToken(wish: Partial<EnrollmentTokenWish> = {}) {
    const usual = { lifeMs: hour, uses: 1, pending: false, ownership: 'unknown' } as const;
    const whole = { ...usual, ownerId: bob.id, ...wish };
    return await createEnrollmentToken(deps, whole, { kind: 'person', id: ada.id }, clock.now());
  }

  function enrollmentRequest(
    device: FakeDevice,
    by: { token?: string; device_code?: string },
    provider: KeyProviderId = 'file',
  ) {
    return {
      ...by,
      key: device.jwk,
      provider,
      device: { name: "Bob's book", platform: 'linux', agentVersion: '0.1.0' },
    };
  }

  async function begin(device: FakeDevice, by: { token?: string; device_code?: string }, provider?: KeyProviderId) {
    return await call<{ id: string; challenge: string; error_code?: string }>('POST', '/v1/enrollments', {
      body: enrollmentRequest(device, by, provider),
    });
  }

  async function finish(device: FakeDevice, enrollment: { id: string; challenge: string }, forgery: Forgery = {}) {
    const proof = await device.keyProof(enrollment, clock.now(), forgery);
    return await call<Enrolled & { error_code?: string }>('POST', `/v1/enrollments/${enrollment.id}/finish`, {
      body: { proof },
    });
  }

  /** A new device of Bob, enrolled. */
  async function enroll(wish: Partial<EnrollmentTokenWish> & { provider?: KeyProviderId } = {}): Promise<FakeDevice> {
    const device = await FakeDevice.make(issuer);
    const { token } = await makeToken(wish);
    const begun = await begin(device, { token }, wish.provider);
    const finished = await finish(device, begun.body);
    assert.equal(finished.status, 201);
    device.id = finished.body.deviceId;
    return device;
  }

  /** Sends the compact form of an attestation. */
  async function send(jws: unknown, from?: string) {
    const sent = from === undefined ? { body: jws } : { body: jws, from };
    return await call<AttestationAnswer & { error_code?: string; details?: { path: string }[] }>(
      'POST',
      '/v1/attestations',
      sent,
    );
  }

  /** Lets a device report what it reads, with a fresh nonce. */
  async function attest(device: FakeDevice, readings = someReadings(clock.now()), forgery: Forgery = {}) {
    return await send(
      await device.attest({ readings, nonce: nonces.issue(clock.now()), now: clock.now(), ...forgery }),
    );
  }

  async function act(device: FakeDevice, action: string, reason = 'because') {
    return await call<{ state: string; error_code?: string }>('POST', `/v1/admin/devices/${device.id}/${action}`, {
      as: ada,
      body: { reason },
    });
  }

  /** What the audit holds of one type, oldest first. */
  async function audited(type: AuditEventType) {
    const rows = await store.read.selectFrom('audit').selectAll().where('type', '=', type).orderBy('seq').execute();
    return rows.map(
      (row) => JSON.parse(row.entry) as { data: Record<string, unknown>; subject: { id: string } | null },
    );
  }

  /** The codes of refused attestations, oldest first. */
  async function refusals(): Promise<unknown[]> {
    return (await audited('attestation.refused')).map((entry) => entry.data['code']);
  }

  async function factsOf(device: FakeDevice) {
    const facts = await readDeviceFacts(store.read, { jkt: device.jkt });
    assert.ok(facts);
    return facts;
  }

  /** What a device hears of itself, when it names what it sent. */
  async function ownState(device: FakeDevice, sent: readonly string[] = device.signed) {
    const as: Caller = {
      kind: 'device',
      id: device.id,
      jkt: device.jkt,
      state: 'active',
      ownerId: bob.id,
      ownerName: bob.name,
    };
    return await call<{
      attestation: { seq: number; hash: string | null } | null;
      verdict: { status: string } | null;
      quarantined: boolean;
    }>('GET', '/v1/device', { as, query: sent.length === 0 ? {} : { sent: sent.join(',') } });
  }

  const pass = (milliseconds: number): Instant => (clock.at += milliseconds);
  return {
    deps,
    store,
    clock,
    nonces,
    ada,
    bob,
    addPerson,
    call,
    makeToken,
    enrollmentRequest,
    begin,
    finish,
    enroll,
    send,
    attest,
    act,
    audited,
    refusals,
    factsOf,
    ownState,
    pass,
  };
}

function findRoute(routes: readonly AnyRoute[], method: string, path: string) {
  for (const route of routes) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const match = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    if (route.method !== method || match === null) continue;
    return { route, params: Object.fromEntries(names.map((name, index) => [name, match[index + 1]])) };
  }
  throw new Error(`no route ${method} ${path}`);
}

function lowerCase(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
