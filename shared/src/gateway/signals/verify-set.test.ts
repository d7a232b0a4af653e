import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { second } from '../../time.ts';
import { Door } from '../testing/door.ts';
import { type Forgery, idOf, issuer, start } from '../testing/fake-issuer.ts';
import { listening, revoked } from '../testing/listening.ts';

describe('a signal that is not what it should be', () => {
  const forgeries: [string, Forgery, string][] = [
    ['of another issuer', { claims: { iss: 'https://other.example' } }, 'invalid_issuer'],
    ['for another receiver', { claims: { aud: 'gw_2' } }, 'invalid_audience'],
    ['of another type', { header: { typ: 'at+jwt' } }, 'invalid_request'],
    ['with exp', { claims: { exp: start / second + 60 } }, 'invalid_request'],
    ['with sub', { claims: { sub: 'x' } }, 'invalid_request'],
    ['of two events', { claims: { events: { a: {}, b: {} } } }, 'invalid_request'],
    ['without subject', { claims: { sub_id: undefined } }, 'invalid_request'],
    ['under another jti', { claims: { jti: 'other' } }, 'invalid_request'],
    ['of a key that nobody knows', { header: { kid: 'other' } }, 'invalid_key'],
    ['under the kid of the token key', { header: { kid: 't1' } }, 'invalid_key'],
    ['signed with a secret', { header: { alg: 'HS256' }, key: new Uint8Array(32) }, 'invalid_key'],
  ];
  for (const [what, forgery, err] of forgeries) {
    it(`${what} is refused and reported, and tokens are asked about`, async (t) => {
      const { door, send, ask } = await listening(t);
      const token = await door.token();
      const jti = await send(revoked(door.issuer.subject()), forgery);
      assert.equal((door.backend.refused[jti] as { err: string }).err, err);
      assert.ok(!door.backend.acknowledged.includes(jti));
      assert.ok(door.problems.some(({ code }) => code === 'signal_refused'));
      door.backend.introspect = (text) =>
        Response.json({ ...JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()), active: true });
      assert.equal(await ask(token), 'in', 'nothing was ended by it');
      assert.equal(door.backend.count('/oauth/introspect'), 1);
    });
  }

  it('by another key is refused', async (t) => {
    const { door, send } = await listening(t);
    const { privateKey } = await generateKeyPair('RS256');
    const jti = await send(revoked(door.issuer.subject()), { key: privateKey });
    assert.equal((door.backend.refused[jti] as { err: string }).err, 'invalid_key');
  });

  it('by the key of access tokens is refused: signals have keys of their own', async (t) => {
    const { door, send } = await listening(t);
    const forgery = { header: { alg: 'ES256', kid: 't1' }, key: door.issuer.tokenKey };
    const jti = await send(revoked(door.issuer.subject()), forgery);
    assert.equal((door.backend.refused[jti] as { err: string }).err, 'invalid_key');
  });
});

describe('the keys of signals', () => {
  it('sign no access tokens', async (t) => {
    const { door, send, ask } = await listening(t);
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    door.issuer.signalJwks.keys.push({ ...(await exportJWK(publicKey)), kid: 's2', alg: 'ES256', use: 'sig' });
    const forgery = { header: { alg: 'ES256', kid: 's2' }, key: privateKey };
    const jti = await send(revoked(door.issuer.subject(idOf('accessToken'))), forgery);
    assert.ok(door.backend.acknowledged.includes(jti), 'it is one of them');
    assert.equal(await ask(await door.token(forgery)), 'token_signature');
  });

  it('that cannot be read make tokens be asked about, until what the signal says is known', async (t) => {
    const { door, send, ask, until } = await listening(t);
    const token = await door.token();
    const { signalJwks } = door.backend;
    door.backend.signalJwks = 'no key set';
    const sent = send(revoked(door.issuer.subject(idOf('accessToken'))));
    await until(() => door.gateway.signals()?.heardSince === null);
    assert.equal(await ask(token), 'token_ended', 'introspection says so');
    assert.equal(door.backend.count('/oauth/introspect'), 1);
    door.backend.signalJwks = signalJwks;
    door.clock.set(door.clock.now() + second);
    await sent;
  });

  it('are read where the transmitter says, at the backend alone', async (t) => {
    for (const transmitter of [
      { issuer, jwks_uri: 'https://evil.example/ssf/jwks.json' },
      { issuer: 'https://other.example', jwks_uri: `${issuer}/ssf/jwks.json` },
    ]) {
      const door = await Door.open(t, { signals: true }, (backend) => void (backend.transmitter = transmitter));
      while (!door.problems.some(({ code }) => code === 'signals_unavailable'))
        await new Promise((done) => setTimeout(done, 1));
      assert.deepEqual(
        door.backend.asked.map(({ path }) => path).filter((path) => path !== '/.well-known/jwks.json'),
        ['/.well-known/ssf-configuration'],
      );
    }
    const { door, send } = await listening(t);
    await send(revoked(door.issuer.subject()));
    assert.equal(door.backend.count('/ssf/jwks.json'), 1);
  });
});
