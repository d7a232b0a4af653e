import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';
import { generateKeyPair } from 'jose';
import { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { createSignInLink } from '@postern/server/identity/index';
import { sameSecret, sha256 } from '@postern/shared/digest';
import { clientAssertionType } from '@postern/shared/protocol/token';
import { hour } from '@postern/shared/time';
import { attested, openScene, type Scene } from '../support/scene.ts';
import { filesIn } from '../support/secrets-within.ts';
import { manage } from '../support/signal-receivers.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { newGateway } from '../support/verify-scene.ts';
import { checks } from './checks.ts';
import { askToken, signIn } from './grants.ts';

const json = { 'content-type': 'application/json' };
const system = { kind: 'system' as const, id: null };

/** Counts comparisons that take the same time whatever is compared. */
function watchComparing(t: TestContext): () => number {
  const { mock } = t.mock.method(crypto, 'timingSafeEqual');
  syncBuiltinESMExports();
  t.after(() => {
    mock.restore();
    syncBuiltinESMExports();
  });
  return () => {
    for (const { arguments: compared } of mock.calls)
      assert.deepEqual(
        compared.map((each) => each.byteLength),
        [32, 32],
        'digests, so that not even a length shows',
      );
    const count = mock.callCount();
    mock.resetCalls();
    return count;
  };
}

checks(
  'secret compare',
  'secrets are compared in constant time or looked up by their digest, and stored as neither text',
  async (t) => {
    const scene = await openScene(t);
    const { backend, admin } = scene;
    const device = await attested(backend, admin);
    const credentials = await newGateway(admin);
    const [id = '', secret = ''] = credentials.split(':');
    const token = await device.accessToken();
    const compared = watchComparing(t);
    assert.equal(sameSecret('one', 'one'), true);
    assert.equal(sameSecret('one', 'another, longer one'), false);
    assert.equal(compared(), 2);

    const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
    const nobody = `gw_${'0'.repeat(32)}`;
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const post = async (path: string, headers: Record<string, string>, body: string | URLSearchParams) =>
      (await fetch(backend.url + path, { method: 'POST', headers, body })).status;
    const form = () => new URLSearchParams({ token });
    const gateway = (shown: string) => new VerifyGateway(backend.url, 'nginx', shown);
    const answering: [string, (shown: string) => Promise<number>][] = [
      ['introspection', (shown) => post('/oauth/introspect', basic(shown), form())],
      ['revocation', (shown) => post('/oauth/revoke', basic(shown), form())],
      ['signals', (shown) => post('/ssf/poll', { ...basic(shown), ...json }, '{}')],
      ['/verify', async (shown) => (await gateway(shown).ask({})).status],
    ];
    for (const [place, ask] of answering) {
      const counts = [];
      for (const shown of [`${id}:${wrong}`, `${id}:x`, `${nobody}:${secret}`, `${nobody}:x`]) {
        assert.equal(await ask(shown), 401, place);
        counts.push(compared());
      }
      // A gateway that there is not takes as many comparisons as a wrong secret.
      assert.ok((counts[0] ?? 0) > 0, `${place} compares`);
      assert.deepEqual(counts, [counts[0], counts[0], counts[0], counts[0]], place);
    }
    const nonce = await device.nonce();
    const forged = `${nonce.slice(0, -2)}${nonce.endsWith('AA') ? 'BA' : 'AA'}`;
    compared();
    assert.equal((await device.token({ proof: { claims: { nonce: forged } } })).body['error_code'], 'nonce_required');
    assert.ok(compared() > 0, 'the MAC of a nonce');
    const proof = await proofOf(device, `${token}x`);
    compared();
    assert.equal((await gateway(credentials).ask({ authorization: `DPoP ${token}`, proof })).status, 401);
    assert.ok(compared() > 1, 'the hash of a token in a proof');
    const denied = await admin.post('/v1/deny-links', {
      code: `${Buffer.from('{}').toString('base64url')}.${'A'.repeat(43)}`,
    });
    assert.ok(denied.status >= 400);
    assert.equal(compared(), 1, 'the MAC of a link that denies');

    // What is looked up is looked up by its digest: nobody who reads the database holds any of it.
    const made = await admin.post('/v1/admin/enrollment-tokens', {
      owner: (await admin.get('/v1/admin/session')).body['id'],
    });
    const hook = await admin.post('/v1/admin/webhooks', { label: 'Hook', url: 'https://hooks.example/postern' });
    const userId = String((await admin.get('/v1/admin/session')).body['id']);
    const { link } = await createSignInLink(backend.server.deps, userId, system, backend.clock.now());
    const codes = await fetch(`${backend.url}/oauth/device_authorization`, { method: 'POST' });
    const signed = await fetch(`${backend.url}/v1/admin/session`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ code: new URLSearchParams(new URL(link).hash.slice(1)).get('sign-in') }),
    });
    const secrets = {
      'a gateway secret': secret,
      'an API token': admin.token ?? '',
      'an enrollment token': String(made.body['token']),
      'a webhook secret': String(hook.body['secret']).replace('whsec_', ''),
      'a sign-in code': link.split('=')[1] ?? '',
      'a session': /=([\w-]+);/.exec(signed.headers.get('set-cookie') ?? '')?.[1] ?? '',
      'a device code': ((await codes.json()) as { device_code: string }).device_code,
      'an access token': token,
      'the master secret': backend.server.deps.config.masterSecret,
    };
    const stored = [...filesIn(backend.env['POSTERN_DATA'] ?? '')].filter(([name]) => name !== 'master.secret');
    assert.ok(
      stored.some(([, bytes]) => bytes.includes(sha256(secret))),
      'the database was looked into',
    );
    for (const [what, text] of Object.entries(secrets)) {
      assert.ok(text.length >= 32, what);
      assert.deepEqual(
        stored.filter(([, bytes]) => bytes.includes(text)).map(([name]) => name),
        [],
        what,
      );
    }
  },
);

checks('enumeration', 'what is not there and what is not yours are answered alike', async (t) => {
  const scene = await openScene(t);
  const { backend, admin } = scene;
  const device = await attested(backend, admin);
  const token = await device.accessToken();
  const credentials = await newGateway(admin);
  const foreignCredentials = await newGateway(admin, ['https://elsewhere.example']);
  const removed = await newGateway(admin);
  await admin.call('DELETE', `/v1/admin/gateways/${removed.split(':')[0]}`);
  const [id = ''] = credentials.split(':');

  // Gateways.
  const shown = [
    `${id}:wrong`,
    `${id}:`,
    `gw_${'0'.repeat(32)}:wrong`,
    `gw_${'0'.repeat(32)}:${credentials.split(':')[1]}`,
    removed,
    'x:y',
    `${id.toUpperCase()}:wrong`,
  ];
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  await assertAlike('introspection', shown, (text) =>
    send('/oauth/introspect', { form: { token }, authorization: basic(text) }),
  );
  await assertAlike('revocation', shown, (text) =>
    send('/oauth/revoke', { form: { token }, authorization: basic(text) }),
  );
  await assertAlike('signals', shown, (text) => send('/ssf/streams', { json: {}, authorization: basic(text) }));
  await assertAlike('/verify', shown, (text) =>
    new VerifyGateway(backend.url, 'nginx', text).ask({ authorization: `DPoP ${token}` }),
  );

  // Tokens: foreign, expired, revoked, unknown, none.
  const { signingKeys } = backend.server.deps;
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const signed = (change: object) => signingKeys.sign({ ...claims, ...change }, 'at+jwt', backend.clock.now());
  const revoked = await device.accessToken();
  assert.equal(
    (await send('/oauth/revoke', { form: { token: revoked }, authorization: basic(credentials) })).status,
    200,
  );
  const dead = [
    await device.accessToken('https://elsewhere.example'),
    revoked,
    await signed({ exp: 1 }),
    await signed({ jti: `tok_${'0'.repeat(32)}` }),
    'x',
    'x.y.z',
  ];
  const bodies = await assertAlike('a token', dead, (text) =>
    send('/oauth/introspect', { form: { token: text }, authorization: basic(credentials) }),
  );
  assert.equal(bodies, '{"active":false}');
  assert.equal(
    (await send('/oauth/introspect', { form: { token }, authorization: basic(foreignCredentials) })).text,
    '{"active":false}',
  );

  // Devices: one that is there, and one that is not, by who holds the key of neither.
  const stranger = (await generateKeyPair('ES256', { extractable: true })).privateKey;
  const absent = `dev_${'0'.repeat(32)}`;
  for (const header of [{}, { kid: undefined }, { kid: 'A'.repeat(43) }])
    for (const forgery of [{}, { exp: 1 }, { aud: 'https://other.example' }])
      await assertAlike('a device', [device.fake.id, absent], async (named) => {
        const about = { iss: named, sub: named, ...forgery };
        const forged = () =>
          device.assertion({ key: stranger, header: { kid: 'B'.repeat(43), ...header }, claims: about });
        const asked = await askToken(device, 'client_credentials', {}, { assertion: await forged() });
        const begun = await send('/oauth/device_authorization', { form: assertionForm(await forged()) });
        const ended = await send('/oauth/revoke', { form: { token: 'x', ...assertionForm(await forged()) } });
        const text = JSON.stringify([asked.body, begun.status, begun.text, ended.status, ended.text]);
        return { status: asked.status, text, headers: {} };
      });

  // Codes and links: never made, used, withdrawn, too late.
  const owner = String((await admin.get('/v1/admin/session')).body['id']);
  const newToken = async () =>
    (await admin.post('/v1/admin/enrollment-tokens', { owner })).body as { id: string; token: string };
  const [withdrawn, late, spent] = [await newToken(), await newToken(), await newToken()];
  await admin.call('DELETE', `/v1/admin/enrollment-tokens/${withdrawn.id}`);
  await useUp(scene, spent.token);
  const link = async () => {
    const made = await createSignInLink(backend.server.deps, owner, system, backend.clock.now());
    return made.link.split('=')[1] ?? '';
  };
  const [usedLink, lateLink] = [await link(), await link()];
  assert.equal((await send('/v1/admin/session', { json: { code: usedLink } })).status, 200);
  const person = await signIn(scene, owner);
  const begin = async () =>
    (await (await fetch(`${backend.url}/oauth/device_authorization`, { method: 'POST' })).json()) as {
      user_code: string;
      device_code: string;
    };
  const [answered, lateCode] = [await begin(), await begin()];
  assert.equal(
    (await person('POST', '/v1/admin/device-codes', { user_code: answered.user_code, decision: 'deny' })).status,
    204,
  );
  backend.clock.advance(2 * hour);
  const key = device.fake.jwk;
  const about = { name: 'New', platform: 'linux', agentVersion: '0.1.0' };
  const enroll = (by: object) => send('/v1/enrollments', { json: { ...by, key, provider: 'file', device: about } });
  const unknown = 'A'.repeat(43);
  await assertAlike('an enrollment token', [unknown, withdrawn.token, late.token, spent.token], (text) =>
    enroll({ token: text }),
  );
  await assertAlike('a sign-in link', [unknown, usedLink, lateLink], (text) =>
    send('/v1/admin/session', { json: { code: text } }),
  );
  const later = await signIn(scene, owner);
  await assertAlike('a user code', ['BCDF-GHJK', answered.user_code, lateCode.user_code, 'x'], async (text) => {
    const { status, body } = await later('GET', `/v1/admin/device-codes/${text}`);
    return { status, text: JSON.stringify(body), headers: {} };
  });
  await assertAlike('a device code', [unknown, lateCode.device_code], (text) => enroll({ device_code: text }));

  // Things of others.
  const account = (text: string) => ({ id: text.split(':')[0] ?? '', secret: text.split(':')[1] ?? '' });
  const theirs = await manage(backend.url, account(foreignCredentials), 'POST', '/ssf/streams', {});
  assert.equal(theirs.status, 201, JSON.stringify(theirs.body));
  const streams = [String(theirs.body['stream_id']), `str_${'0'.repeat(32)}`];
  const asked: [string, string, ((stream: string) => unknown)?][] = [
    ['GET', '/ssf/streams'],
    ['GET', '/ssf/status'],
    ['DELETE', '/ssf/streams'],
    ['PATCH', '/ssf/streams', (stream) => ({ stream_id: stream, description: 'mine' })],
    ['POST', '/ssf/status', (stream) => ({ stream_id: stream, status: 'disabled' })],
    ['POST', '/ssf/verify', (stream) => ({ stream_id: stream })],
  ];
  for (const [method, path, body] of asked)
    await assertAlike(`${method} ${path}`, streams, async (stream) => {
      const query = body === undefined ? `?stream_id=${stream}` : '';
      const answer = await manage(backend.url, account(credentials), method, path + query, body?.(stream));
      assert.equal(answer.status, 404);
      return { status: answer.status, text: JSON.stringify(answer.body), headers: {} };
    });
  const own = await manage(backend.url, account(foreignCredentials), 'GET', `/ssf/status?stream_id=${streams[0]}`);
  assert.equal(own.body['status'], 'enabled');
  const other = await attested(backend, admin);
  await other.attest({}, other.firewallOff());
  const wish = { rules: ['baseline/firewall'], duration: '1h', justification: 'Customers are here all day' };
  const exception = await other.call('POST', '/v1/exceptions', wish);
  assert.equal(exception.status, 201);
  const erin = await backend.person('erin@example.org', ['employee']);
  await assertAlike('an exception', [String(exception.body['id']), `exc_${'0'.repeat(32)}`], async (named) => {
    const { status, body } = await erin.get(`/v1/admin/exceptions/${named}`);
    const { status: second, body: said } = await erin.post(`/v1/admin/exceptions/${named}/approve`, {});
    return { status, text: JSON.stringify([body, second, said]), headers: {} };
  });
  const erinId = String((await erin.get('/v1/admin/session')).body['id']);
  const asErin = await signIn(scene, erinId);
  await assertAlike("somebody's device", [device.fake.id, absent], async (named) => {
    const { status, body } = await asErin('POST', '/v1/me/sign-in-tokens', { device: named });
    return { status, text: JSON.stringify(body), headers: {} };
  });

  async function send(
    path: string,
    { form, json: document, authorization }: { form?: Record<string, string>; json?: unknown; authorization?: string },
  ) {
    const answer = await fetch(backend.url + path, {
      method: 'POST',
      headers: { ...(authorization === undefined ? {} : { authorization }), ...(document === undefined ? {} : json) },
      body: form === undefined ? JSON.stringify(document) : new URLSearchParams(form),
    });
    return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
  }
});

interface Answer {
  status: number;
  text: string;
  headers: NodeJS.Dict<string | string[]>;
}

/** The same status, body and challenge for all of them. */
async function assertAlike(
  what: string,
  given: readonly string[],
  ask: (each: string) => Promise<Answer>,
): Promise<string> {
  const answers: Answer[] = [];
  for (const each of given) answers.push(await ask(each));
  const told = answers.map(({ status, text, headers }) => [status, text, headers['www-authenticate']]);
  for (const [index, each] of told.entries()) assert.deepEqual(each, told[0], `${what}: ${given[index]} is told apart`);
  return answers[0]?.text ?? '';
}

function assertionForm(assertion: string): Record<string, string> {
  return { client_assertion_type: clientAssertionType, client_assertion: assertion };
}

/** Enrolls a device with that token, which is then used up. */
async function useUp({ backend, admin }: Scene, token: string): Promise<void> {
  const device = await FakeDevice.make(backend.url);
  const about = { name: 'New', platform: 'linux', agentVersion: '0.1.0' };
  const begun = await admin.post('/v1/enrollments', { token, key: device.jwk, provider: 'file', device: about });
  const enrollment = begun.body as { id: string; challenge: string };
  const proof = await device.keyProof(enrollment, backend.clock.now());
  const { status, body } = await admin.post(`/v1/enrollments/${enrollment.id}/finish`, { proof });
  assert.equal(status, 201, JSON.stringify(body));
}
