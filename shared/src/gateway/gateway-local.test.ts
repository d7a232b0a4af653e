import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { minute, second } from '../time.ts';
import { codeOf, Door } from './testing/door.ts';
import { audience, type FakeIssuer, type Forgery, idOf, issuer, start } from './testing/fake-issuer.ts';

const seconds = start / second;

describe('in mode local', () => {
  it('a good token with a fresh proof is let in, with its claims', async (t) => {
    const door = await Door.open(t);
    const outcome = await door.ask();
    assert.ok(outcome.ok, codeOf(outcome));
    assert.equal(outcome.claims.device_id, door.issuer.device);
    assert.equal(outcome.header['typ'], 'at+jwt');
    assert.deepEqual(outcome.headers, {});
    assert.equal(door.backend.count('/oauth/introspect'), 0);
  });

  const tokens: [string, Forgery, string][] = [
    ['that has expired', { claims: { exp: seconds - 5 } }, 'token_expired'],
    ['of another audience', { claims: { aud: 'https://other.example' } }, 'token_other_audience'],
    ['with a list of audiences', { claims: { aud: [audience] } }, 'token_other_audience'],
    ['without audience', { claims: { aud: undefined } }, 'token_other_audience'],
    ['of another issuer', { claims: { iss: `${issuer}/` } }, 'token_other_issuer'],
    ['without issuer', { claims: { iss: undefined } }, 'token_other_issuer'],
    ['without exp', { claims: { exp: undefined } }, 'token_malformed'],
    ['without iat', { claims: { iat: undefined } }, 'token_malformed'],
    ['without jti', { claims: { jti: undefined } }, 'token_malformed'],
    ['without cnf', { claims: { cnf: undefined } }, 'token_malformed'],
    ['from the future', { claims: { iat: seconds + 6 } }, 'token_from_future'],
    ['that is not valid yet', { claims: { nbf: seconds + 60 } }, 'token_from_future'],
    ['of the type of ID tokens', { header: { typ: 'JWT' } }, 'token_malformed'],
    ['of the type of signals', { header: { typ: 'secevent+jwt' } }, 'token_malformed'],
    ['without type', { header: { typ: undefined } }, 'token_malformed'],
    ['of a kid that nobody knows', { header: { kid: 'other' } }, 'token_signature'],
    ['of a kid that is a path', { header: { kid: '../../etc/passwd' } }, 'token_signature'],
    ['without kid', { header: { kid: undefined } }, 'token_signature'],
    ['under the kid of the signal key', { header: { kid: 's1' } }, 'token_signature'],
    ['of a claim that grew too long', { claims: { scope: 'x'.repeat(4096) } }, 'token_malformed'],
  ];
  for (const [what, forgery, code] of tokens) {
    it(`a token ${what} is refused`, async (t) => {
      const door = await Door.open(t);
      const outcome = await door.ask({ forgery });
      assert.equal(codeOf(outcome), code);
      assert.ok(!outcome.ok && outcome.status === 401);
      assert.match(
        outcome.headers['WWW-Authenticate'] ?? '',
        /^DPoP error="invalid_token", error_description="[^"]+", algs="ES256"$/,
      );
    });
  }

  it('a token by another key is refused', async (t) => {
    const door = await Door.open(t);
    const { privateKey } = await generateKeyPair('ES256');
    assert.equal(codeOf(await door.ask({ forgery: { key: privateKey } })), 'token_signature');
  });

  it('a token without signature, or signed with the public key as a secret, is refused', async (t) => {
    const door = await Door.open(t);
    const none = new UnsecuredJWT(door.issuer.claims(start)).encode();
    const [published] = door.issuer.jwks.keys;
    const pem = createPublicKey({ key: published as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const confused = await door.token({ header: { alg: 'HS256' }, key: new TextEncoder().encode(String(pem)) });
    for (const token of [none, `${none}AA`, confused])
      assert.equal(codeOf(await door.ask({ token })), 'token_malformed');
  });

  it('a key in the token is never used, and no address in it is fetched', async (t) => {
    const door = await Door.open(t);
    const own = await generateKeyPair('ES256', { extractable: true });
    for (const header of [
      { jwk: door.issuer.deviceJwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/' },
    ])
      assert.equal(codeOf(await door.ask({ forgery: { header, key: own.privateKey } })), 'token_signature');
    assert.deepEqual([...new Set(door.backend.asked.map(({ path }) => path))], ['/.well-known/jwks.json']);
  });

  it('a text that differs from the token in any character is refused', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const characters = fc.constantFrom(
      'A',
      'Q',
      'g',
      'w',
      'Z',
      '0',
      '9',
      '-',
      '_',
      '.',
      '=',
      '+',
      '/',
      ' ',
      '\n',
      '\0',
      'é',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length), characters, fc.boolean(), async (at, character, insert) => {
        const changed = token.slice(0, at) + character + token.slice(insert ? at : at + 1);
        fc.pre(changed !== token);
        const outcome = await door.ask({ token: changed, proof: await door.proof(changed) });
        assert.equal(outcome.ok, false);
      }),
      { numRuns: 300 },
    );
    assert.equal(codeOf(await door.ask({ token })), 'in');
  });

  it('any headers and address are judged, and never an error', async (t) => {
    const door = await Door.open(t);
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), value, value, async (method, url, authorization, dpop) => {
        const headers = { authorization: Array.isArray(authorization) ? authorization : `DPoP ${authorization}`, dpop };
        assert.equal((await door.gateway.verify({ method, url, headers })).ok, false);
      }),
    );
    assert.deepEqual(door.problems, []);
  });

  it('clocks may differ by five seconds, and by what is said', async (t) => {
    const door = await Door.open(t);
    assert.equal(codeOf(await door.ask({ forgery: { claims: { exp: seconds - 4 } } })), 'in');
    const patient = await Door.open(t, { clockToleranceSeconds: 60 });
    assert.equal(codeOf(await patient.ask({ forgery: { claims: { exp: seconds - 59 } } })), 'in');
    const strict = await Door.open(t, { clockToleranceSeconds: 0 });
    assert.equal(codeOf(await strict.ask({ forgery: { claims: { exp: seconds } } })), 'token_expired');
  });

  it('a token may be too old before it has expired', async (t) => {
    const door = await Door.open(t, { maxTokenAge: 60 });
    assert.equal(codeOf(await door.ask({ forgery: { claims: { iat: seconds - 65 } } })), 'in');
    assert.equal(codeOf(await door.ask({ forgery: { claims: { iat: seconds - 66 } } })), 'token_too_old');
  });

  it('without a token there is a challenge without an error (RFC 6750 section 3.1)', async (t) => {
    const door = await Door.open(t);
    for (const authorization of [undefined, 'Basic YTpi', 'DPoP', 'DPoP a b']) {
      const outcome = await door.gateway.verify({ method: 'GET', url: '/', headers: { authorization } });
      assert.ok(!outcome.ok && outcome.status === 401);
      assert.equal(outcome.headers['WWW-Authenticate'], 'DPoP algs="ES256"');
    }
  });

  it('a bound token that comes as a bearer token is refused', async (t) => {
    const door = await Door.open(t);
    for (const scheme of ['Bearer', 'bearer']) {
      const outcome = await door.ask({ scheme });
      assert.ok(!outcome.ok && outcome.status === 401);
      assert.equal(codeOf(outcome), 'bearer_downgrade');
    }
  });

  it('two Authorization headers are refused, under whatever case', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const dpop = await door.proof(token);
    const line = `DPoP ${token}`;
    const pairs = [{ authorization: [line, line] }, { authorization: line, Authorization: line }];
    for (const pair of pairs)
      assert.equal(
        codeOf(await door.gateway.verify({ method: 'GET', url: '/things', headers: { ...pair, dpop } })),
        'token_ambiguous',
      );
    assert.equal(codeOf(await door.ask({ token, proof: dpop })), 'in', 'nothing was spent by that');
  });

  it('headers of the Fetch standard do as well', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const headers = new Headers({ authorization: `dpop ${token}`, dpop: await door.proof(token) });
    assert.equal(codeOf(await door.gateway.verify({ method: 'GET', url: `${audience}/things`, headers })), 'in');
  });

  it('an address on which two programs may disagree is refused', async (t) => {
    const door = await Door.open(t);
    const urls = [
      '/a%2fb',
      '/a%5Cb',
      '/a\\b',
      '/a/..;/b',
      '/a/../b',
      '/%2e%2e/b',
      '/a#b',
      'things',
      '',
      '//',
      'https://evil.example/things',
    ];
    const codes = await Promise.all(urls.map(async (url) => codeOf(await door.ask({ url }))));
    // Of two slashes it is clear what they mean; the proof is for elsewhere.
    assert.deepEqual(
      codes,
      urls.map((url) => (url === '//' ? 'proof_other_request' : 'request_malformed')),
    );
  });

  it('in front of a path of its own, proofs name the whole address', async (t) => {
    const door = await Door.open(t, { publicUrl: 'https://www.example/app/' });
    const token = await door.token();
    const elsewhere = await door.proof(token, {}, { url: 'https://www.example/things' });
    assert.equal(codeOf(await door.ask({ token, proof: elsewhere })), 'proof_other_request');
    const right = await door.proof(token, {}, { url: 'https://WWW.example:443/app/th%69ngs?x' });
    assert.equal(codeOf(await door.ask({ token, proof: right })), 'in');
  });

  it('with dpop off the text of a token is enough, under both schemes, and the operator hears of it', async (t) => {
    const door = await Door.open(t, { dpop: 'off' });
    assert.equal(codeOf(await door.ask({ scheme: 'Bearer', proof: null })), 'in');
    assert.equal(codeOf(await door.ask({ proof: null })), 'in');
    assert.deepEqual(
      door.problems.map(({ code }) => code),
      ['binding_not_checked'],
    );
  });

  it('while the keys were never read, nobody is let in; then they are kept while the backend is away', async (t) => {
    const door = await Door.open(t, {}, (backend) => {
      backend.away = true;
    });
    const outcome = await door.ask();
    assert.ok(!outcome.ok && outcome.status === 503);
    assert.equal(outcome.headers['Retry-After'], '1');
    door.backend.away = false;
    door.clock.set(start + second);
    assert.equal(codeOf(await door.ask()), 'in');
    door.backend.away = true;
    door.clock.set(start + 60 * minute);
    assert.equal(codeOf(await door.ask()), 'in');
  });

  it('a store of used proofs that fails lets nobody in', async (t) => {
    const replayStore = { claim: () => Promise.reject(new Error('the database is gone')) };
    const door = await Door.open(t, { replayStore });
    const outcome = await door.ask();
    assert.ok(!outcome.ok && outcome.status === 503);
    assert.doesNotMatch(outcome.body, /database/);
    assert.deepEqual(
      door.problems.map(({ code }) => code),
      ['replay_store'],
    );
  });
});

describe('what a token says beyond the schema', () => {
  it('reaches the application', async (t) => {
    const door = await Door.open(t);
    const outcome = await door.ask({ forgery: { claims: { later: [1] } } });
    assert.ok(outcome.ok);
    assert.deepEqual((outcome.claims as Record<string, unknown>)['later'], [1]);
  });
});

it('tokens of people are taken as those of devices', async (t) => {
  const door = await Door.open(t);
  const who = (issuer: FakeIssuer) => ({ sub: issuer.owner, act: { sub: issuer.device }, auth_time: seconds - 5 });
  const outcome = await door.ask({ forgery: { claims: who(door.issuer) } });
  assert.ok(outcome.ok);
  assert.equal(outcome.claims.sub, door.issuer.owner);
  assert.equal(codeOf(await door.ask({ forgery: { claims: { sub: idOf('gateway') } } })), 'token_malformed');
});
