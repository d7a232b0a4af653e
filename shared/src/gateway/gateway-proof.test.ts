import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute, second } from '../time.ts';
import { statelessNonces } from './nonces.ts';
import { codeOf, Door } from './testing/door.ts';
import { audience, type Forgery, start } from './testing/fake-issuer.ts';

const seconds = start / second;

describe('a proof', () => {
  const forgeries: [string, Forgery, string][] = [
    ['without ath', { claims: { ath: undefined } }, 'proof_invalid'],
    ['for another token', { claims: { ath: 'A'.repeat(43) } }, 'proof_other_token'],
    ['for another address', { claims: { htu: `${audience}/other` } }, 'proof_other_request'],
    ['for another host', { claims: { htu: 'https://evil.example/things' } }, 'proof_other_request'],
    ['for no address', { claims: { htu: 'things' } }, 'proof_other_request'],
    ['for another method', { claims: { htm: 'POST' } }, 'proof_other_request'],
    ['for the method in another case', { claims: { htm: 'get' } }, 'proof_other_request'],
    ['without jti', { claims: { jti: undefined } }, 'proof_invalid'],
    ['without iat', { claims: { iat: undefined } }, 'proof_invalid'],
    ['that is 61 seconds old', { claims: { iat: seconds - 61 } }, 'proof_time'],
    ['from 6 seconds ahead', { claims: { iat: seconds + 6 } }, 'proof_time'],
    ['that has expired by its own word', { claims: { exp: seconds } }, 'proof_time'],
    ['of another type', { header: { typ: 'JWT' } }, 'proof_invalid'],
    ['without key', { header: { jwk: undefined } }, 'proof_invalid'],
    ['of a key with more to it', { header: { jwk: { kty: 'EC', d: 'A'.repeat(43) } } }, 'proof_invalid'],
  ];
  for (const [what, forgery, code] of forgeries) {
    it(`${what} is refused`, async (t) => {
      const door = await Door.open(t);
      const token = await door.token();
      assert.equal(codeOf(await door.ask({ token, proof: await door.proof(token, forgery) })), code);
    });
  }

  it('may be 60 seconds old, and 5 ahead', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    for (const iat of [seconds - 60, seconds + 5])
      assert.equal(codeOf(await door.ask({ token, proof: await door.proof(token, { claims: { iat } }) })), 'in');
  });

  it('must be there, once', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const [one, two] = [await door.proof(token), await door.proof(token)];
    assert.equal(codeOf(await door.ask({ token, proof: null })), 'proof_missing');
    assert.equal(codeOf(await door.ask({ token, proof: '' })), 'proof_missing');
    assert.equal(codeOf(await door.ask({ token, proof: [one, two] })), 'proof_invalid');
    assert.equal(codeOf(await door.ask({ token, proof: `${one}, ${two}` })), 'proof_invalid');
  });

  it('by another key than the token is bound to is refused', async (t) => {
    const door = await Door.open(t);
    const stranger = (await Door.open(t)).issuer;
    const token = await door.token();
    const theirs = await stranger.proof({ now: start, token });
    assert.equal(codeOf(await door.ask({ token, proof: theirs })), 'proof_other_key');
    const mixed = await door.proof(token, { key: stranger.deviceKey });
    assert.equal(codeOf(await door.ask({ token, proof: mixed })), 'proof_invalid');
  });

  it('is good once, however often it comes at the same time', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const proof = await door.proof(token);
    const codes = await Promise.all(Array.from({ length: 20 }, async () => codeOf(await door.ask({ token, proof }))));
    assert.equal(codes.filter((code) => code === 'in').length, 1);
    assert.equal(codes.filter((code) => code === 'proof_replayed').length, 19);
    door.clock.set(start + 60 * second);
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_replayed');
    door.clock.set(start + 62 * second);
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_time');
  });

  it('with nonces needs one of ours, and its own time does not matter', async (t) => {
    const nonces = statelessNonces('n'.repeat(32));
    const door = await Door.open(t, { nonces });
    const token = await door.token();
    const first = await door.ask({ token });
    assert.ok(!first.ok && first.status === 401);
    assert.match(first.headers['WWW-Authenticate'] ?? '', /^DPoP error="use_dpop_nonce"/);
    const nonce = first.headers['DPoP-Nonce'];
    assert.ok(nonce !== undefined);
    const [, time] = /^(\w+)\./.exec(nonce) ?? [];
    const madeUp = await door.proof(token, {}, { nonce: `${time}.${'A'.repeat(43)}` });
    assert.equal(codeOf(await door.ask({ token, proof: madeUp })), 'nonce_required');
    const proof = await door.proof(token, { claims: { iat: seconds - 86_400 } }, { nonce });
    const second = await door.ask({ token, proof });
    assert.ok(second.ok);
    assert.ok(second.headers['DPoP-Nonce'] !== undefined);
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_replayed');
    door.clock.set(start + 5 * minute - 1);
    const late = await door.token();
    assert.equal(codeOf(await door.ask({ token: late, proof: await door.proof(late, {}, { nonce }) })), 'in');
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_replayed');
    door.clock.set(start + 5 * minute);
    assert.equal(
      codeOf(await door.ask({ token: late, proof: await door.proof(late, {}, { nonce }) })),
      'nonce_required',
    );
  });
});
