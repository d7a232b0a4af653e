import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateKeyPair } from 'jose';
import { sha256 } from '@postern/shared/digest';
import { hour, minute, day } from '@postern/shared/time';
import { FakeDevice, type Forgery } from '../attestation/testing/fake-device.ts';
import { issuer, openTestBackend, type TestBackend } from '../attestation/testing/test-backend.ts';
import { updateOne } from '../storage/change.ts';
import { sweepEnrollments } from './index.ts';

async function begun(backend: TestBackend) {
  const device = await FakeDevice.make(issuer);
  const { token, row } = await backend.makeToken();
  return { device, token, row, enrollment: (await backend.begin(device, { token })).body };
}

describe('a device that enrolls with a token', () => {
  it('is active and belongs to the person whom the token names', async (t) => {
    const backend = await openTestBackend(t);
    const { device, enrollment, row } = await begun(backend);
    const { status, body } = await backend.finish(device, enrollment);
    assert.equal(status, 201);
    assert.deepEqual(
      { ...body, deviceId: '', clientId: '', collect: undefined },
      {
        deviceId: '',
        clientId: '',
        state: 'active',
        keyThumbprint: device.jkt,
        keyProtection: 'software',
        owner: { id: backend.bob.id, name: 'Bob' },
        issuer,
        attestEverySeconds: 300,
        collect: undefined,
      },
    );
    assert.deepEqual(body.collect.checks.slice(0, 1), ['os-version'], 'what to collect comes with the enrollment');
    const [entry] = await backend.audited('device.enrolled');
    assert.deepEqual(
      [entry?.subject?.id, entry?.data['jkt'], entry?.data['enrollmentToken']],
      [body.deviceId, device.jkt, row.id],
    );
  });

  it('waits for an admin when the token says so', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll({ pending: true });
    assert.equal((await backend.factsOf(device)).state, 'pending');
  });

  for (const [provider, level] of [
    ['file', 'software'],
    ['os-keystore', 'os-protected'],
    ['tpm2', 'hardware-unattested'],
    ['secure-enclave', 'hardware-unattested'],
    ['windows-pcp', 'hardware-unattested'],
  ] as const) {
    it(`and says that its key is in ${provider} is believed to be ${level}, and no more`, async (t) => {
      const backend = await openTestBackend(t);
      assert.equal((await backend.factsOf(await backend.enroll({ provider }))).keyProtection, level);
    });
  }

  it('leaves no secret in the database', async (t) => {
    const backend = await openTestBackend(t);
    const { token } = await begun(backend);
    const rows = await backend.store.read.selectFrom('enrollment_tokens').selectAll().execute();
    const audit = await backend.store.read.selectFrom('audit').select('entry').execute();
    assert.equal(JSON.stringify([rows, audit]).includes(token), false);
    assert.equal(rows[0]?.hash, sha256(token));
  });
});

describe('enrolling is refused', () => {
  it('with a token that is unknown, too old, revoked, used up, or of somebody who left', async (t) => {
    const backend = await openTestBackend(t);
    const device = await FakeDevice.make(issuer);
    const refusal = async (token: string) => (await backend.begin(device, { token })).body.error_code;
    assert.equal(await refusal('pet_nobody-made-this'), 'enrollment_token_invalid');

    const old = await backend.makeToken({ lifeMs: minute });
    backend.pass(minute);
    assert.equal(await refusal(old.token), 'enrollment_token_invalid');

    const revoked = await backend.makeToken();
    await backend.call('DELETE', `/v1/admin/enrollment-tokens/${revoked.row.id}`, { as: backend.ada });
    assert.equal(await refusal(revoked.token), 'enrollment_token_invalid');

    const { token, device: first, enrollment } = await begun(backend);
    await backend.finish(first, enrollment);
    assert.equal(await refusal(token), 'enrollment_token_invalid');

    const left = await backend.makeToken();
    await backend.store.commit({ changes: [updateOne('users', { id: backend.bob.id }, { active: 0 })], audit: [] });
    assert.equal(await refusal(left.token), 'enrollment_token_invalid');
    // Guesses are not recorded; the misuse of a token that once was good is.
    assert.equal((await backend.audited('device.enrollment-refused')).length, 4);
  });

  it('with a key that a device has already, also a retired one, and says so only to who holds a token', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    assert.equal(
      (await backend.begin(device, { token: 'pet_nobody-made-this' })).body.error_code,
      'enrollment_token_invalid',
    );
    const { token } = await backend.makeToken({ uses: 2 });
    assert.equal((await backend.begin(device, { token })).body.error_code, 'key_already_enrolled');
    await backend.act(device, 'retire');
    assert.equal((await backend.begin(device, { token })).body.error_code, 'key_already_enrolled');
    const [entry] = await backend.audited('device.enrollment-refused');
    assert.deepEqual([entry?.subject?.id, entry?.data['code']], [device.id, 'key_already_enrolled']);
  });

  it('with a key that is no point on the curve, or spelled in a second way', async (t) => {
    const backend = await openTestBackend(t);
    const { token } = await backend.makeToken();
    const device = await FakeDevice.make(issuer);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = device.jwk.x.slice(0, -1) + (alphabet[alphabet.indexOf(device.jwk.x.at(-1) ?? '') + 1] ?? '');
    for (const key of [
      { ...device.jwk, y: device.jwk.x },
      { ...device.jwk, x: respelled },
      { ...device.jwk, d: device.jwk.x },
      { ...device.jwk, kty: 'oct' },
    ]) {
      const { body } = await backend.call('POST', '/v1/enrollments', {
        body: { ...backend.enrollmentRequest(device, { token }), key },
      });
      assert.equal(body['error_code'], 'malformed_request');
    }
    assert.equal((await backend.begin(device, { token })).status, 201);
  });

  it('with both a token and a code, or neither', async (t) => {
    const backend = await openTestBackend(t);
    const device = await FakeDevice.make(issuer);
    const { token } = await backend.makeToken();
    for (const by of [{}, { token, device_code: 'a'.repeat(43) }]) {
      assert.equal((await backend.begin(device, by)).body.error_code, 'malformed_request');
    }
  });

  const forgeries: [string, (device: FakeDevice) => Forgery | Promise<Forgery>][] = [
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['with another key in its header', async () => ({ header: { jwk: (await FakeDevice.make(issuer)).jwk } })],
    ['with more in its header than it needs', () => ({ header: { kid: 'x' } })],
    ['signed with another key', async () => ({ key: (await generateKeyPair('ES256')).privateKey })],
    ['for another backend', () => ({ claims: { aud: 'https://elsewhere.test' } })],
    ['for several backends', () => ({ claims: { aud: [issuer] } })],
    ['for another enrollment', () => ({ claims: { sub: `enr_${'0'.repeat(32)}` } })],
    ['with another challenge', () => ({ claims: { nonce: 'x'.repeat(43) } })],
    ['with a claim too many', () => ({ claims: { admin: true } })],
  ];
  for (const [name, forge] of forgeries) {
    it(`with a proof ${name}; the right one is still accepted`, async (t) => {
      const backend = await openTestBackend(t);
      const { device, enrollment } = await begun(backend);
      assert.equal(
        (await backend.finish(device, enrollment, await forge(device))).body.error_code,
        'key_proof_invalid',
      );
      const [entry] = await backend.audited('device.enrollment-refused');
      assert.equal(entry?.data['code'], 'key_proof_invalid');
      assert.equal((await backend.finish(device, enrollment)).status, 201);
    });
  }

  it('with alg none, or HS256 and the public key', async (t) => {
    const backend = await openTestBackend(t);
    const { device, enrollment } = await begun(backend);
    const proof = await device.keyProof(enrollment, backend.clock.at);
    const [, payload = '', signature = ''] = proof.split('.');
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'postern-key-proof+jwt', jwk: device.jwk })).toString(
        'base64url',
      );
      const { body } = await backend.call('POST', `/v1/enrollments/${enrollment.id}/finish`, {
        body: { proof: `${header}.${payload}.${signature}` },
      });
      assert.equal(body['error_code'], 'key_proof_invalid');
    }
  });

  it('with an enrollment that is unknown, finished or too old', async (t) => {
    const backend = await openTestBackend(t);
    const { device, enrollment } = await begun(backend);
    const unknown = { ...enrollment, id: `enr_${'0'.repeat(32)}` };
    assert.equal((await backend.finish(device, unknown)).body.error_code, 'enrollment_invalid');
    assert.equal((await backend.finish(device, enrollment)).status, 201);
    assert.equal((await backend.finish(device, enrollment)).body.error_code, 'enrollment_invalid');
    const late = await begun(backend);
    backend.pass(10 * minute);
    assert.equal((await backend.finish(late.device, late.enrollment)).body.error_code, 'enrollment_invalid');
  });

  it('when the token was revoked between the two steps', async (t) => {
    const backend = await openTestBackend(t);
    const { device, enrollment, row } = await begun(backend);
    await backend.call('DELETE', `/v1/admin/enrollment-tokens/${row.id}`, { as: backend.ada });
    assert.equal((await backend.finish(device, enrollment)).body.error_code, 'enrollment_token_invalid');
  });
});

describe('several that enroll at once', () => {
  it('take no more uses than a token has, and all that it has', async (t) => {
    const backend = await openTestBackend(t);
    const { token, row } = await backend.makeToken({ uses: 3 });
    const devices = await Promise.all(Array.from({ length: 6 }, () => FakeDevice.make(issuer)));
    const enrollments = await Promise.all(devices.map((device) => backend.begin(device, { token })));
    const answers = await Promise.all(devices.map((device, index) => backend.finish(device, enrollments[index]!.body)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 3);
    assert.equal(answers.filter(({ body }) => body.error_code === 'enrollment_token_invalid').length, 3);
    const after = await backend.store.read
      .selectFrom('enrollment_tokens')
      .select('uses_left')
      .where('id', '=', row.id)
      .executeTakeFirst();
    assert.equal(after?.uses_left, 0);
  });

  it('with one key become one device', async (t) => {
    const backend = await openTestBackend(t);
    const { token } = await backend.makeToken({ uses: 5 });
    const device = await FakeDevice.make(issuer);
    const [one, two] = [await backend.begin(device, { token }), await backend.begin(device, { token })];
    const answers = await Promise.all([backend.finish(device, one.body), backend.finish(device, two.body)]);
    assert.deepEqual(answers.map(({ body }) => body.error_code ?? 'enrolled').sort(), [
      'enrolled',
      'key_already_enrolled',
    ]);
  });
});

describe('enrollment tokens', () => {
  it('are made, listed without their secret, and revoked', async (t) => {
    const backend = await openTestBackend(t);
    const as = backend.ada;
    const made = await backend.call<{ id: string; token: string; expiresAt: string }>(
      'POST',
      '/v1/admin/enrollment-tokens',
      {
        as,
        body: { owner: backend.bob.id, uses: 2 },
      },
    );
    assert.equal(made.status, 201);
    assert.equal(Date.parse(made.body.expiresAt), backend.clock.at + hour);
    assert.equal((await backend.begin(await FakeDevice.make(issuer), { token: made.body.token })).status, 201);

    assert.equal((await backend.call('DELETE', `/v1/admin/enrollment-tokens/${made.body.id}`, { as })).status, 204);
    assert.equal((await backend.call('DELETE', `/v1/admin/enrollment-tokens/${made.body.id}`, { as })).status, 204);
    assert.equal(
      (await backend.call('DELETE', `/v1/admin/enrollment-tokens/ent_${'0'.repeat(32)}`, { as })).status,
      404,
    );
    const listed = await backend.call<{ items: Record<string, unknown>[] }>('GET', '/v1/admin/enrollment-tokens', {
      as,
    });
    assert.deepEqual(
      listed.body.items.map(({ id, revoked, usesLeft, token }) => ({ id, revoked, usesLeft, token })),
      [{ id: made.body.id, revoked: true, usesLeft: 2, token: undefined }],
    );
    assert.equal((await backend.audited('enrollment-token.created')).length, 1);
    assert.equal((await backend.audited('enrollment-token.revoked')).length, 1);
  });

  it('are listed page by page', async (t) => {
    const backend = await openTestBackend(t);
    const made = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await backend.makeToken()).row.id);
    const seen: string[] = [];
    let after: string | null | undefined;
    do {
      const query = { limit: '2', ...(after ? { after } : {}) };
      const page: { body: { items: { id: string }[]; next: string | null } } = await backend.call(
        'GET',
        '/v1/admin/enrollment-tokens',
        { as: backend.ada, query },
      );
      seen.push(...page.body.items.map(({ id }) => id));
      after = page.body.next;
    } while (after !== null);
    assert.deepEqual(seen, made);
  });

  it('are not made for nobody, for ever or for no time', async (t) => {
    const backend = await openTestBackend(t);
    const owner = backend.bob.id;
    for (const body of [
      { owner: `usr_${'0'.repeat(32)}` },
      { owner, life: '91d' },
      { owner, life: '0' },
      { owner, uses: 0 },
    ]) {
      const answer = await backend.call('POST', '/v1/admin/enrollment-tokens', { as: backend.ada, body });
      assert.equal(answer.body['error_code'], 'malformed_request');
    }
  });
});

it('what is left of enrollments that ended a day ago is removed, and nothing else', async (t) => {
  const backend = await openTestBackend(t);
  await begun(backend);
  backend.pass(day + 10 * minute);
  await begun(backend);
  await sweepEnrollments(backend.deps, backend.clock.at);
  const rows = await backend.store.read.selectFrom('enrollments').select('created_at').execute();
  assert.deepEqual(rows, [{ created_at: backend.clock.at }]);
});

it('an enrollment token is removed a month after its end', async (t) => {
  const backend = await openTestBackend(t);
  await begun(backend);
  const tokens = async () => (await backend.store.read.selectFrom('enrollment_tokens').select('id').execute()).length;
  backend.pass(hour + 30 * day - 1);
  await sweepEnrollments(backend.deps, backend.clock.at);
  assert.equal(await tokens(), 1);
  backend.pass(1);
  await sweepEnrollments(backend.deps, backend.clock.at);
  assert.equal(await tokens(), 0);
});
