import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { insert } from '@postern/server/storage/change';
import { propertyRuns } from '@postern/shared/testing/property-runs';
import { day } from '@postern/shared/time';
import type { Api } from '../support/api.ts';
import { addressOf, type BadRequest, badRequests, freshAssertion } from '../support/bad-requests.ts';
import { fitting, type Known, nearlyFitting, omitted, uglyTexts } from '../support/bad-values.ts';
import { type Backend, startBackend } from '../support/backend.ts';
import { Fingerprint, leavesNothing } from '../support/fingerprint.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { type Operation, operationsOf } from '../support/openapi.ts';
import { type RawAnswer, type RawRequest, sendRaw } from '../support/raw-http.ts';
import { resource } from '../support/scene.ts';

const callers = ['nobody', 'person', 'device', 'gateway'] as const;
type Caller = (typeof callers)[number];

interface Scene {
  backend: Backend;
  admin: Api;
  operations: Operation[];
  /** What fits in which place: things that exist, and that nothing else depends on. */
  known: Known;
  send: (request: RawRequest, caller: Caller) => Promise<RawAnswer>;
}

/** No request makes one: devices do. */
async function aBrake({ server, clock }: Backend): Promise<string> {
  const id = `brk_${'0'.repeat(32)}`;
  const now = clock.now();
  const where = { check_id: 'firewall', platform: 'macos', os_build: '24A335' };
  const since = { flips_since: now, opened_at: now, ends_at: now + day, devices: 5, devices_of_build: 5 };
  const undecided = { decided_by: null, decided_at: null, reason: null };
  const brake = insert('brakes', { id, ...where, ...since, ...undecided, state: 'holding', version: 1 });
  await server.deps.store.commit({ changes: [brake], audit: [] });
  return id;
}

/** A server with one of everything, and valid credentials of every kind. */
async function opening(t: TestContext): Promise<Scene> {
  const backend = await startBackend(t, { POSTERN_POLL_WAIT: '0s' });
  // What changes is then the doing of a request.
  await backend.server.jobs.stop();
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const made = async (path: string, body: unknown) => (await admin.post(path, body)).body;
  const gateway = await made('/v1/admin/gateways', { name: 'App', resources: [resource] });
  const spareGateway = await made('/v1/admin/gateways', { name: 'Spare', resources: ['https://spare.example'] });
  const user = await made('/v1/admin/users', { name: 'Spare', email: 'spare@example.org', roles: ['employee'] });
  const enrollmentToken = await made('/v1/admin/enrollment-tokens', { owner: user['id'] });
  const device = await HttpDevice.enroll(backend, admin);
  await device.attest({}, device.firewallOff());
  const wish = { rules: ['baseline/firewall'], duration: '1h', justification: 'A test needs it for a while' };
  const exception = (await device.call('POST', '/v1/exceptions', wish)).body;
  const draft = await made('/v1/admin/policy-drafts', { document: firewallPolicy.replace('are on', 'stay on') });
  const spareDevice = await HttpDevice.enroll(backend, admin);
  const newDevice = await FakeDevice.make(backend.url);
  const token = String((await made('/v1/admin/enrollment-tokens', { owner: user['id'] }))['token']);
  const about = { name: 'New', platform: 'linux', agentVersion: '0.1.0' };
  const enrollment = await made('/v1/enrollments', { token, key: newDevice.jwk, provider: 'file', device: about });
  const codes = await fetch(`${backend.url}/oauth/device_authorization`, { method: 'POST' });
  const { user_code: userCode } = (await codes.json()) as { user_code: string };

  const ids = [user, spareGateway, enrollmentToken, exception, enrollment, draft].map((each) => String(each['id']));
  ids.push(spareDevice.fake.id, await aBrake(backend));
  const byName: Record<string, unknown> = {
    key: (await FakeDevice.make(backend.url)).jwk,
    token,
    device_code: omitted,
    user_code: userCode,
    name: 'baseline',
    document: firewallPolicy.replace('are on', 'are always on'),
    email: 'new@example.org',
    rules: ['baseline/firewall'],
    resources: [resource],
    resource,
    max_age: '300',
    grant_type: 'client_credentials',
    client_id: device.fake.id,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: freshAssertion,
    scope: omitted,
    // Of a replay: a document is given, and so no draft. Of a set: its devices are, and so neither a person nor a group.
    draft: omitted,
    person: omitted,
    group: omitted,
    // There is one person to spare, who is not their own.
    manager: omitted,
    devices: [device.fake.id],
    seq: 1,
    transports: ['usb'],
    templates: ['temporary-access'],
    url: 'https://hooks.example/postern',
    screen: '/devices',
    query: 'posture=stale',
    proof: await newDevice.keyProof(
      { id: String(enrollment['id']), challenge: String(enrollment['challenge']) },
      backend.clock.now(),
    ),
  };
  const known: Known = (name, schema) => {
    // Of a set, where it says whose devices are meant; of access it is one of the resource's own.
    if (byName[name] === omitted || (name === 'role' && schema.enum !== undefined)) return omitted;
    const { pattern, type } = schema;
    const prefix = /^\^([a-z]+_)\[/.exec(pattern ?? '')?.[1];
    if (prefix !== undefined) return ids.find((id) => id.startsWith(prefix));
    const value = type === 'boolean' ? undefined : byName[name];
    // Of an app and of a link in a mail; that of signing in has no pattern.
    if (name === 'code' && pattern !== undefined)
      return ['123456', `x.${'A'.repeat(43)}`].find((each) => new RegExp(pattern, 'u').test(each));
    return Array.isArray(value) && type !== 'array' ? value[0] : value;
  };

  let nonce = await device.nonce();
  const basic = Buffer.from(`${String(gateway['id'])}:${String(gateway['secret'])}`).toString('base64');
  const credentialsOf: Record<Caller, (request: RawRequest) => Promise<[string, string][]>> = {
    nobody: async () => [],
    person: async () => [['Authorization', `Bearer ${admin.token ?? ''}`]],
    gateway: async () => [['Authorization', `Basic ${basic}`]],
    device: async ({ method, path }) => {
      const call = { method, url: backend.url + (path.split('?')[0] ?? ''), nonce, now: backend.clock.now() };
      return [['DPoP', await device.fake.dpopProof(call)]];
    },
  };
  const send = async (request: RawRequest, caller: Caller) => {
    const { body } = request;
    const signed =
      typeof body === 'string' && body.includes(encodeURIComponent(freshAssertion))
        ? body.replaceAll(encodeURIComponent(freshAssertion), await device.assertion())
        : body;
    const headers = [...(request.headers ?? []), ...(await credentialsOf[caller](request))];
    const answer = await sendRaw(backend.url, { ...request, headers, body: signed });
    const next = answer.headers['dpop-nonce'];
    if (typeof next === 'string') nonce = next;
    return answer;
  };
  return { backend, admin, operations: await operationsOf(backend.url), known, send };
}

/** Who is meant to call it: the credentials with which a request gets past authentication. */
function ownCaller({ audience, body }: Operation): Caller {
  if (audience !== 'open') return audience;
  return body?.schema.properties?.['client_assertion'] === undefined ? 'nobody' : 'device';
}

/** A refusal has a status of its own, one code, and a sentence. */
function assertRefusal(answer: RawAnswer, what: string): { code: string; details: { path: string }[] } {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  const body = JSON.parse(answer.text) as {
    error_code: string;
    error_description: string;
    details?: { path: string }[];
  };
  assert.match(body.error_code, /^[a-z_]+$/, what);
  assert.match(body.error_description, /^[A-Z].*\.$/s, what);
  return { code: body.error_code, details: body.details ?? [] };
}

test('each endpoint refuses what is wrong with a code and a sentence, and changes nothing', async (t) => {
  const { backend, operations, known, send } = await opening(t);
  const fingerprint = new Fingerprint(backend.env['POSTERN_DATA'] ?? '');
  t.after(() => fingerprint.close());
  assert.ok(fingerprint.tables().length > 15 && operations.length > 40, 'there is something to look at');

  async function attempt(request: BadRequest, caller: Caller) {
    const what = `${caller}: ${request.what}`;
    return leavesNothing(
      fingerprint,
      ({ code }) => `${what} (${code})`,
      async () => assertRefusal(await send(request, caller), what),
    );
  }

  let count = 0;
  for (const operation of operations) {
    await t.test(operation.name, async () => {
      const requests = badRequests(operation, known);
      fingerprint.changed();
      const own = ownCaller(operation);
      const others = callers.filter((each) => each !== own);
      const places = new Set<string>();
      for (const [index, request] of requests.entries()) {
        const { code, details } = await attempt(request, own);
        if (operation.audience !== 'open') {
          assert.ok(
            !['not_signed_in', 'not_allowed', 'client_authentication_failed'].includes(code),
            `${request.what}: ${code}`,
          );
        }
        assert.notEqual(code, 'too_many_requests');
        for (const { path } of details) places.add(path.split('.')[0] ?? '');
        // What is wrong is wrong whoever sends it; one of the others is enough for each.
        const other = others[index % others.length];
        if (other !== undefined) await attempt(request, other);
        count += 2;
      }
      if (operation.body?.mediaType === 'application/json' && operation.body.schema.required !== undefined) {
        assert.ok(places.has('body'), 'its own caller gets as far as the body');
      }
    });
  }
  t.diagnostic(`${count} bad requests`);
});

test('the requests that were spoilt are understood when they are not', async (t) => {
  const { operations, known, send } = await opening(t);
  for (const operation of operations) {
    const fit = operation.body === undefined ? undefined : fitting(operation.body.schema, known);
    const isJson = operation.body?.mediaType === 'application/json';
    const body = isJson
      ? JSON.stringify(fit)
      : operation.body === undefined
        ? undefined
        : new URLSearchParams(fit as Record<string, string>).toString();
    if (operation.body?.mediaType === 'application/eat+jwt') continue;
    const headers: [string, string][] =
      operation.body === undefined ? [] : [['Content-Type', operation.body.mediaType]];
    const request = { method: operation.method, path: addressOf(operation, known), headers, body };
    const answer = await send(request, ownCaller(operation));
    assert.ok(answer.status < 500, `${operation.name}: ${answer.status}`);
    assert.doesNotMatch(
      answer.text,
      /"error_code":"(malformed_request|not_signed_in|proof_|assertion_)/,
      `${operation.name}: ${answer.text}`,
    );
  }
});

test('JSON that nearly fits is taken or refused, and a refusal changes nothing', async (t) => {
  const { backend, operations, known, send } = await opening(t);
  const fingerprint = new Fingerprint(backend.env['POSTERN_DATA'] ?? '');
  t.after(() => fingerprint.close());
  const outcomes = { taken: 0, refused: 0 };
  for (const operation of operations.filter(({ body }) => body?.mediaType === 'application/json')) {
    const path = addressOf(operation, known);
    await fc.assert(
      fc.asyncProperty(nearlyFitting(operation.body?.schema ?? {}, known), async (value) => {
        const headers: [string, string][] = [['Content-Type', 'application/json']];
        fingerprint.changed();
        const request = { method: operation.method, path, headers, body: JSON.stringify(value) };
        const answer = await send(request, ownCaller(operation));
        if (answer.status < 300) {
          outcomes.taken += 1;
          return;
        }
        outcomes.refused += 1;
        assertRefusal(answer, operation.name);
        if (fingerprint.changed().length === 0) return;
        await leavesNothing(
          fingerprint,
          () => operation.name,
          async () => assertRefusal(await send(request, ownCaller(operation)), operation.name),
        );
      }),
      propertyRuns(12),
    );
  }
  assert.ok(outcomes.taken > 20 && outcomes.refused > 200, JSON.stringify(outcomes));
});

test('text that is only ugly is kept as it is', async (t) => {
  const { admin } = await opening(t);
  for (const [index, text] of uglyTexts.entries()) {
    const made = await admin.post('/v1/admin/users', {
      name: text,
      email: `ugly${index}@example.org`,
      roles: ['employee'],
    });
    assert.equal(made.status, 201, text);
    assert.equal(made.body['name'], text);
  }
  const { body } = await admin.get('/v1/admin/users');
  const names = new Set((body['items'] as { name: string }[]).map(({ name }) => name));
  for (const text of uglyTexts) assert.ok(names.has(text), text);
});
