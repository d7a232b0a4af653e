import type { TestContext } from 'node:test';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import type { ResourceAccess } from '@postern/shared/protocol/resource';
import { day, type Instant, minute } from '@postern/shared/time';
import { AnonymousRefusals } from '../../audit/index.ts';
import type { Config } from '../../config.ts';
import type { Caller } from '../../http/caller.ts';
import type { AnyRoute, Reply } from '../../http/route.ts';
import { type CompiledPolicy, compilePolicy } from '../../policy/index.ts';
import { aRulebook } from '../../policy/testing/evaluate.ts';
import { systemRandom } from '../../random.ts';
import { insert } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { createNonces, createSigningKeys, tokenRoutes } from '../index.ts';
import type { Nonces } from '../nonces.ts';
import type { RotatingSigningKeys } from '../signing-keys.ts';
import { type FakeDevice, fakeDevice } from './fake-device.ts';

export const issuer = 'https://trust.example';
export const resource = 'https://app.example';
export const masterSecret = Buffer.alloc(32, 7).toString('base64url');
export const start: Instant = Date.parse('2026-11-21T09:30:00Z');
export const ownerId = `usr_${'a'.repeat(32)}`;
export const gatewayId = `gw_${'b'.repeat(32)}`;
const gatewaySecret = 's'.repeat(43);
/** How the gateway shows who it is. */
export const gatewayHeaders = basicHeaders(gatewayId, gatewaySecret);

/** One rule, which blocks a day after its first failure; evidence counts for 15 minutes, tokens live for five. */
export const policy: CompiledPolicy = compilePolicy(
  policyDocumentSchema.parse({
    policy: 'baseline',
    title: 'Baseline',
    max_age: '15m',
    token_life: '5m',
    rules: [
      {
        id: 'firewall',
        title: 'The firewall is on',
        check: 'firewall',
        require: 'value.enabled',
        expected: 'on',
        time_to_fix: '1d',
        fix: { default: 'Switch it on.' },
      },
    ],
  }),
  1,
);

export function basicHeaders(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

const anonymous: Caller = { kind: 'anonymous' };

interface Call {
  form?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  caller?: Caller;
}

/** What came back: the reply, or the refusal that the adapter would have turned into one. */
export type Outcome = { status: number; body: unknown; headers: Record<string, string>; code?: string };

export interface TokenService {
  store: Store;
  clock: { now(): Instant; set(now: Instant): void };
  /** Resources that offer temporary access. */
  access: Map<string, ResourceAccess>;
  nonces: Nonces;
  signingKeys: RotatingSigningKeys;
  call(method: string, path: string, call?: Call): Promise<Outcome>;
  /** A token request with a proof and an assertion made for it. */
  askToken(
    device: FakeDevice,
    change?: { proof?: string; assertion?: string; form?: Record<string, string> },
  ): Promise<Outcome>;
  proofFor(device: FakeDevice, path?: string): Promise<string>;
  /** Enrols a device with a posture that was received now. */
  enrol(change?: EnrolChange): Promise<FakeDevice>;
  auditTypes(): Promise<string[]>;
}

interface EnrolChange {
  device?: Partial<Database['devices']>;
  firewall?: boolean;
  failingSince?: Instant;
  receivedAt?: Instant;
  /** Never attested. */
  silent?: boolean;
}

/** The token capability over a store (SQLite, unless it is given), with a clock that the test sets. */
export async function startTokenService(
  t: Pick<TestContext, 'after'>,
  given?: Store,
  settings: Partial<Config> = {},
): Promise<TokenService> {
  const store = given ?? (await openTestStore(t));
  let now = start;
  const clock = { now: () => now, set: (instant: Instant) => void (now = instant) };
  const config = {
    issuer,
    masterSecret,
    signingKeyLifeMs: 30 * day,
    signingKeyAheadMs: day,
    identityProvider: null,
    ...settings,
  } as Parameters<typeof tokenRoutes>[0]['config'];
  const nonces = createNonces(masterSecret);
  const signingKeys = await createSigningKeys({ store, clock, config });
  const access = new Map<string, ResourceAccess>();
  const policies = { at: async () => aRulebook({ policies: [policy], access }) };
  const anonymousRefusals = new AnonymousRefusals();
  const routes = tokenRoutes({
    store,
    config,
    nonces,
    signingKeys,
    policies,
    anonymousRefusals,
    random: systemRandom,
  });
  await store.commit({
    audit: [],
    changes: [
      insert('users', {
        id: ownerId,
        name: 'Ada',
        email: 'ada@example',
        roles: '["employee"]',
        active: 1,
        created_at: start,
        groups: '[]',
        manager_id: null,
        notify: '{}',
      }),
      insert('gateways', {
        id: gatewayId,
        name: 'App',
        secret_hash: sha256(gatewaySecret),
        resources: JSON.stringify([resource]),
        created_at: start,
        removed_at: null,
      }),
    ],
  });

  const call: TokenService['call'] = (method, path, { form = {}, headers = {}, caller = anonymous } = {}) => {
    const route = routes.find((each) => each.method === method && each.path === path);
    if (route === undefined) throw new Error(`no route ${method} ${path}`);
    return serve(route, { form, headers, caller, now });
  };
  const proofFor: TokenService['proofFor'] = (device, path = '/oauth/token') =>
    device.proof({ method: 'POST', url: issuer + path, nonce: nonces.issue(now), now });

  return {
    store,
    clock,
    access,
    nonces,
    signingKeys,
    call,
    proofFor,
    async askToken(device, { proof, assertion, form } = {}) {
      return call('POST', '/oauth/token', {
        headers: { dpop: proof ?? (await proofFor(device)) },
        form: {
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion ?? (await device.assertion(issuer, now)),
          resource,
          ...form,
        },
      });
    },
    async enrol(change = {}) {
      const device = await fakeDevice();
      await store.commit({ audit: [], changes: enrolment(device, change, now) });
      return device;
    },
    async auditTypes() {
      const rows = await store.read.selectFrom('audit').select(['type', 'entry']).orderBy('seq').execute();
      return rows.map(({ type, entry }) => {
        const { data } = JSON.parse(entry) as { data: { code?: string } };
        return data.code === undefined ? type : `${type} ${data.code}`;
      });
    },
  };
}

function enrolment(device: FakeDevice, change: EnrolChange, now: Instant) {
  const receivedAt = change.receivedAt ?? now - minute;
  const enabled = change.firewall ?? true;
  const readings = {
    firewall: {
      status: 'ok',
      value: { enabled, provider: 'nftables' },
      method: 'nft',
      privilege: 'root',
      collectedAt: new Date(receivedAt).toISOString(),
    },
  };
  const failingSince = enabled
    ? {}
    : { 'baseline/firewall': { since: change.failingSince ?? receivedAt, failed: true } };
  const row: Database['devices'] = {
    id: device.id,
    owner_id: ownerId,
    name: 'laptop',
    platform: 'linux',
    agent_version: '0.1.0',
    state: 'active',
    jwk: JSON.stringify(device.jwk),
    jkt: device.jkt,
    key_provider: 'file',
    key_protection: 'software',
    quarantine_cause: null,
    quarantined_at: null,
    enrolled_at: start,
    exception_epoch: 0,
    ownership: 'unknown',
    ...change.device,
  };
  if (change.silent === true) return [insert('devices', row)];
  return [
    insert('devices', row),
    insert('evidence', { device_id: device.id, seq: 3, hash: 'h'.repeat(43), received_at: receivedAt }),
    insert('postures', {
      device_id: device.id,
      seq: 3,
      readings: JSON.stringify(readings),
      readings_hash: 'r'.repeat(43),
      failing_since: JSON.stringify(failingSince),
      hardware_hash: null,
      flips: '{}',
      os_build: null,
      changed_at: receivedAt,
    }),
  ];
}

async function serve(
  route: AnyRoute,
  { form, headers, caller, now }: Required<Call> & { now: Instant },
): Promise<Outcome> {
  try {
    const reply: Reply = await route.handle({
      params: {},
      query: {},
      body: route.body?.schema.parse(form),
      caller,
      header: (name) => headers[name],
      method: route.method,
      url: issuer + route.path,
      remoteAddress: '127.0.0.1',
      now,
    });
    return { status: reply.status, body: reply.body, headers: reply.headers ?? {} };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { status: error.status, code: error.code, body: error.members, headers: error.headers };
  }
}
