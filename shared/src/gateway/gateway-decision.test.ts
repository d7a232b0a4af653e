import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, Door } from './testing/door.ts';

describe('in mode decision', () => {
  const good = () =>
    new Response(null, {
      status: 200,
      headers: {
        'X-Auth-Request-User': '',
        'X-Auth-Request-Device': 'dev_1',
        'X-Posture-Status': 'compliant',
        'DPoP-Nonce': 'next',
        'Set-Cookie': 'a=b',
      },
    });

  it('the backend sees the request as it was, and says who asks', async (t) => {
    const door = await Door.open(t, { mode: 'decision' });
    door.backend.verify = good;
    const token = await door.token();
    const proof = await door.proof(token);
    const outcome = await door.ask({ token, proof, method: 'DELETE', url: '/things/%C3%A9?page=2' });
    assert.ok(outcome.ok, codeOf(outcome));
    assert.deepEqual(outcome.identity, {
      'x-auth-request-user': '',
      'x-auth-request-device': 'dev_1',
      'x-posture-status': 'compliant',
    });
    assert.deepEqual(outcome.headers, { 'DPoP-Nonce': 'next' });
    assert.equal(outcome.claims.device_id, door.issuer.device);
    const [asked] = door.backend.asked;
    assert.equal(asked?.path, '/verify/forward?resource=https%3A%2F%2Fapp.example');
    const { host: _, ...headers } = Object.fromEntries(asked.headers);
    assert.deepEqual(headers, {
      authorization: `DPoP ${token}`,
      dpop: proof,
      'postern-gateway': 'gw_1:a secret',
      'x-forwarded-method': 'DELETE',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'app.example',
      'x-forwarded-uri': '/things/%C3%A9?page=2',
    });
  });

  it('a denial reaches the caller as the backend made it, without what is not for them', async (t) => {
    const door = await Door.open(t, { mode: 'decision' });
    const body = JSON.stringify({ error: 'invalid_token', error_description: 'The firewall is off.' });
    const headers = {
      'WWW-Authenticate': 'DPoP error="invalid_token"',
      'DPoP-Nonce': 'next',
      'X-Posture-Reason': 'The firewall is off.',
      'X-Auth-Request-User': '',
      'Set-Cookie': 'a=b',
      'Content-Type': 'application/json',
    };
    door.backend.verify = () => new Response(body, { status: 401, headers });
    const outcome = await door.ask();
    assert.ok(!outcome.ok);
    assert.deepEqual(outcome, {
      ok: false,
      status: 401,
      reason: 'The firewall is off.',
      body,
      headers: {
        'cache-control': 'no-store',
        'www-authenticate': 'DPoP error="invalid_token"',
        'dpop-nonce': 'next',
        'x-posture-reason': 'The firewall is off.',
        'content-type': 'application/json',
      },
    });
  });

  it('nobody is let in while the backend is away, and for any answer but 200', async (t) => {
    const door = await Door.open(t, { mode: 'decision' });
    for (const status of [201, 204, 400, 404, 429, 500, 503]) {
      door.backend.verify = () => new Response(null, { status });
      const outcome = await door.ask();
      assert.ok(!outcome.ok && outcome.status === 503, String(status));
    }
    door.backend.away = true;
    const outcome = await door.ask();
    assert.ok(!outcome.ok && outcome.status === 503);
  });

  it('where the backend refuses the gateway itself, the operator hears of it, and the caller of no credentials', async (t) => {
    const door = await Door.open(t, { mode: 'decision' });
    const headers = { 'WWW-Authenticate': 'DPoP error="gateway_refused", algs="ES256"' };
    door.backend.verify = () => new Response('<html>', { status: 401, headers });
    const outcome = await door.ask();
    assert.ok(!outcome.ok && outcome.status === 503);
    assert.deepEqual(
      door.problems.map(({ code }) => code),
      ['credentials_refused'],
    );
  });

  it('nothing can be smuggled into the headers of the question', async (t) => {
    const door = await Door.open(t, { mode: 'decision' });
    door.backend.verify = good;
    const token = await door.token();
    assert.equal(codeOf(await door.ask({ token, proof: 'a.b.c\r\nX-Forwarded-Uri: /' })), 'proof_invalid');
    const twice = [await door.proof(token), await door.proof(token)];
    assert.equal(codeOf(await door.ask({ token, proof: twice })), 'proof_invalid');
    assert.deepEqual(door.backend.asked, []);
  });

  it('a proof that the backend took is not good a second time while it is away', async (t) => {
    const door = await Door.open(t, { mode: 'decision', onUnavailable: 'allow-unexpired' });
    door.backend.verify = good;
    const token = await door.token();
    const proof = await door.proof(token);
    assert.equal(codeOf(await door.ask({ token, proof })), 'in');
    door.backend.verify = () => new Response(null, { status: 503 });
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_replayed');
    assert.equal(codeOf(await door.ask({ token })), 'in');
  });
});
