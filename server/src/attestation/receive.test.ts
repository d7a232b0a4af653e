import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { generateKeyPair } from 'jose';
import { day, hour, minute, second } from '@postern/shared/time';
import { FakeDevice, type Forgery } from './testing/fake-device.ts';
import { reading, someReadings } from './testing/readings.ts';
import { issuer, openTestBackend } from './testing/test-backend.ts';

async function enrolledDevice(t: TestContext) {
  const backend = await openTestBackend(t);
  return { backend, device: await backend.enroll() };
}

describe('an attestation', () => {
  it('is judged, and the answer is the verdict', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const { status, body } = await backend.attest(device);
    assert.equal(status, 200);
    assert.equal(body.verdict.status, 'compliant');
    assert.deepEqual([body.attestation.seq, body.attestation.hash], [1, device.position.hash]);
  });

  it('that shows a failing rule says since when, and records that the verdict changed', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    await backend.attest(device);
    backend.pass(minute);
    const plain = reading({ state: 'none', volumes: [] }, backend.clock.at);
    const { body } = await backend.attest(device, someReadings(backend.clock.at, { 'disk-encryption': plain }));
    assert.equal(body.verdict.status, 'grace');
    const rule = body.verdict.rules.find((each) => each.rule === 'disk');
    assert.equal(rule?.since, new Date(backend.clock.at).toISOString());
    assert.equal(rule.deadline, new Date(backend.clock.at + 3 * day).toISOString());
    const changes = (await backend.audited('verdict.changed')).map(({ data }) => [data['from'], data['to']]);
    assert.deepEqual(changes, [
      [null, 'compliant'],
      ['compliant', 'grace'],
    ]);
  });

  it('keeps the time of the first failure over later ones, and a deadline that passes changes the verdict', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const readings = () =>
      someReadings(backend.clock.at, { 'disk-encryption': reading({ state: 'none', volumes: [] }, backend.clock.at) });
    const first = await backend.attest(device, readings());
    backend.pass(3 * day);
    const later = await backend.attest(device, readings());
    assert.equal(later.body.verdict.status, 'non-compliant');
    assert.equal(
      later.body.verdict.rules.find((each) => each.rule === 'disk')?.since,
      first.body.attestation.receivedAt,
    );
    const rows = await backend.store.read.selectFrom('verdicts').select(['status']).orderBy('at').execute();
    assert.deepEqual(
      rows.map((row) => row.status),
      ['grace', 'non-compliant'],
    );
  });

  it('of a check that this backend does not know is kept as it came', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const readings = someReadings(backend.clock.at, { 'quantum-lock': reading({ spin: 'up' }, backend.clock.at) });
    assert.equal((await backend.attest(device, readings)).status, 200);
    const { posture } = await backend.factsOf(device);
    assert.deepEqual(posture?.readings['quantum-lock'], readings['quantum-lock']);
  });

  it('by a newer agent changes the version that is known of it', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    await backend.attest(device, undefined, { claims: { swversion: '0.2.0' } });
    assert.equal((await backend.factsOf(device)).agentVersion, '0.2.0');
  });

  it('may be a little ahead or behind in time', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const now = () => Math.floor(backend.clock.at / second);
    assert.equal((await backend.attest(device, undefined, { claims: { iat: now() + 60 } })).status, 200);
    assert.equal((await backend.attest(device, undefined, { claims: { iat: now() - 300 } })).status, 200);
  });
});

describe('an attestation is refused, recorded and changes nothing', () => {
  const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  type Case = [name: string, code: string, (given: Awaited<ReturnType<typeof enrolledDevice>>) => Promise<unknown>];

  const signed = (
    forgery: (given: Awaited<ReturnType<typeof enrolledDevice>>) => Forgery | Promise<Forgery>,
  ): Case[2] => {
    return async (given) => {
      const { backend, device } = given;
      const wish = {
        readings: someReadings(backend.clock.at),
        nonce: backend.nonces.issue(backend.clock.at),
        now: backend.clock.at,
      };
      return await device.attest({ ...wish, ...(await forgery(given)) });
    };
  };
  const seconds = (at: number) => Math.floor(at / second);
  const resigned =
    (change: (parts: string[]) => string[]): Case[2] =>
    async (given) => {
      const jws = (await signed(() => ({}))(given)) as string;
      return change(jws.split('.')).join('.');
    };

  const recorded: Case[] = [
    [
      'with alg none',
      'attestation_algorithm',
      resigned(([, payload = '']) => [base64url({ alg: 'none', typ: 'eat+jwt' }), payload, 'AA']),
    ],
    [
      'with HS256 and the public key as its secret',
      'attestation_algorithm',
      async (given) => {
        const header = base64url({ alg: 'HS256', typ: 'eat+jwt', kid: given.device.jkt });
        const payload = ((await signed(() => ({}))(given)) as string).split('.')[1] ?? '';
        const mac = createHmac('sha256', JSON.stringify(given.device.jwk))
          .update(`${header}.${payload}`)
          .digest('base64url');
        return `${header}.${payload}.${mac}`;
      },
    ],
    [
      'that names a key nobody enrolled',
      'attestation_foreign_key',
      signed(async () => ({ header: { kid: (await FakeDevice.make(issuer)).jkt } })),
    ],
    [
      'signed with another key',
      'attestation_signature',
      signed(async () => ({ key: (await generateKeyPair('ES256')).privateKey })),
    ],
    [
      'whose payload was changed',
      'attestation_signature',
      resigned(([header = '', , signature = '']) => [header, base64url({ seq: 1 }), signature]),
    ],
    ['for another backend', 'attestation_audience', signed(() => ({ claims: { aud: 'https://elsewhere.test' } }))],
    [
      'with a nonce that is too old',
      'attestation_nonce',
      signed(({ backend }) => ({ claims: { eat_nonce: backend.nonces.issue(backend.clock.at - 5 * minute) } })),
    ],
    ['with a nonce that is not ours', 'attestation_nonce', signed(() => ({ claims: { eat_nonce: 'mine' } }))],
    [
      'from the future',
      'attestation_from_future',
      signed(({ backend }) => ({ claims: { iat: seconds(backend.clock.at) + 61 } })),
    ],
    [
      'from the past',
      'attestation_too_old',
      signed(({ backend }) => ({ claims: { iat: seconds(backend.clock.at) - 301 } })),
    ],
    [
      'that speaks for another device',
      'attestation_malformed',
      signed(({ backend }) => ({ claims: { iss: backend.bob.id.replace('usr', 'dev') } })),
    ],
    ['with a claim too many', 'attestation_malformed', signed(() => ({ claims: { admin: true } }))],
    ['without a sequence number', 'attestation_malformed', signed(() => ({ claims: { seq: undefined } }))],
    [
      'with a sequence number that is no safe integer',
      'attestation_malformed',
      signed(() => ({ claims: { seq: 2 ** 53 } })),
    ],
    [
      'with a value that its check does not allow',
      'attestation_malformed',
      signed(({ backend }) => ({ claims: { readings: { firewall: reading({ enabled: 'yes' }, backend.clock.at) } } })),
    ],
  ];
  const unrecorded: Case[] = [
    [
      'with a reading that nests without end',
      'attestation_malformed',
      async ({ device }) => {
        const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
        const text = `{"readings":{"deep":{"status":"ok","value":${nested}}}}`;
        return await device.sign({ typ: 'eat+jwt', kid: device.jkt }, text);
      },
    ],
    [
      'with a claim that comes twice',
      'attestation_malformed',
      async ({ device }) => await device.sign({ typ: 'eat+jwt', kid: device.jkt }, '{"seq":1,"\\u0073eq":2}'),
    ],
    ['that is empty', 'attestation_malformed', async () => ''],
    ['that is no JWS', 'attestation_malformed', async () => 'a.b'],
    ['that is too large', 'attestation_malformed', async () => `a.${'b'.repeat(70_000)}.c`],
    ['of another type', 'attestation_malformed', signed(() => ({ header: { typ: 'JWT' } }))],
    ['without a key id', 'attestation_malformed', signed(() => ({ header: { kid: undefined } }))],
    ['that brings its own key', 'attestation_malformed', signed(({ device }) => ({ header: { jwk: device.jwk } }))],
    [
      'with a second spelling of the same signature',
      'attestation_malformed',
      resigned(([header = '', payload = '', signature = '']) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const last = alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1] ?? '';
        return [header, payload, signature.slice(0, -1) + last];
      }),
    ],
    [
      'with padding',
      'attestation_malformed',
      resigned(([header = '', payload = '', signature = '']) => [header, payload, `${signature}==`]),
    ],
    [
      'that is not UTF-8',
      'attestation_malformed',
      resigned(([header = '', , signature = '']) => [
        header,
        Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url'),
        signature,
      ]),
    ],
    // JSON.stringify writes half a surrogate pair as an escape, and NUL too.
    ['with half a character', 'attestation_malformed', signed(() => ({ claims: { swversion: '\ud800' } }))],
    [
      'with a NUL',
      'attestation_malformed',
      signed(({ backend }) => ({ claims: { readings: { x: reading('\0', backend.clock.at) } } })),
    ],
  ];

  for (const [name, code, forge] of [...recorded, ...unrecorded]) {
    it(`when it comes ${name}`, async (t) => {
      const given = await enrolledDevice(t);
      const { body, status, headers } = await given.backend.send(await forge(given));
      assert.equal(body.error_code, code);
      assert.ok(status >= 400 && status < 500);
      if (code === 'attestation_nonce')
        assert.equal(headers['dpop-nonce'], given.backend.nonces.issue(given.backend.clock.at));
      const isRecorded = recorded.some(([each]) => each === name);
      assert.deepEqual(await given.backend.refusals(), isRecorded ? [code] : []);
      const facts = await given.backend.factsOf(given.device);
      assert.deepEqual([facts.evidence, facts.posture, facts.quarantine], [null, null, null]);
    });
  }

  it('when the header asks for an extension that nobody knows', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const jws = await device.attest({
      readings: {},
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
    });
    const [, payload = '', signature = ''] = jws.split('.');
    const header = base64url({ alg: 'ES256', typ: 'eat+jwt', kid: device.jkt, crit: ['exp'], exp: 1 });
    assert.equal((await backend.send(`${header}.${payload}.${signature}`)).body.error_code, 'attestation_malformed');
  });

  it('when the device is not active, and says what it is', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const waiting = await backend.enroll({ pending: true });
    assert.equal((await backend.attest(waiting)).body.error_code, 'device_pending');
    await backend.act(device, 'suspend');
    assert.equal((await backend.attest(device)).body.error_code, 'device_suspended');
    await backend.act(device, 'retire');
    assert.equal((await backend.attest(device)).body.error_code, 'device_retired');
  });

  it('when the same one comes again, at once or later', async (t) => {
    const { backend, device } = await enrolledDevice(t);
    const wish = {
      readings: someReadings(backend.clock.at),
      nonce: backend.nonces.issue(backend.clock.at),
      now: backend.clock.at,
    };
    const first = await device.attest(wish);
    const second = await device.attest(wish);
    await backend.send(first);
    await backend.send(second);
    assert.equal((await backend.send(second)).body.error_code, 'attestation_replayed');
    assert.equal((await backend.send(first)).body.error_code, 'attestation_replayed');
    backend.pass(hour);
    assert.equal((await backend.send(second)).body.error_code, 'attestation_replayed');
    assert.deepEqual(await backend.refusals(), [
      'attestation_replayed',
      'attestation_replayed',
      'attestation_replayed',
    ]);
    const facts = await backend.factsOf(device);
    assert.deepEqual([facts.evidence?.seq, facts.quarantine], [2, null]);
  });
});
