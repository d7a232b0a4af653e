import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { minute, second } from '../time.ts';
import { statelessNonces } from './nonces.ts';
import { codeOf, Door } from './testing/door.ts';
import { audience, type FakeIssuer, type Forgery, idOf, issuer, start } from './testing/fake-issuer.ts';
import type { FakeBackend } from './testing/fake-backend.ts';

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

describe('demands beyond a good token', () => {
  it('for a better posture are a challenge (RFC 9470)', async (t) => {
    const door = await Door.open(t, { acrValues: ['urn:postern:posture:compliant'], maxAge: 60 });
    assert.equal(codeOf(await door.ask()), 'in');
    const excepted = await door.ask({ forgery: { claims: { acr: 'urn:postern:posture:excepted' } } });
    assert.ok(!excepted.ok && excepted.status === 401);
    assert.match(
      excepted.headers['WWW-Authenticate'] ?? '',
      /error="insufficient_user_authentication".*acr_values="urn:postern:posture:compliant", max_age="60"/,
    );
    const posture = { status: 'compliant', att: 1, at: seconds - 61 };
    assert.equal(codeOf(await door.ask({ forgery: { claims: { posture } } })), 'step_up_required');
  });

  it('for a role are a 403, and any of several will do', async (t) => {
    const door = await Door.open(t, { roles: ['admin', 'operator'] });
    assert.equal(codeOf(await door.ask({ forgery: { claims: { roles: ['operator'] } } })), 'in');
    for (const roles of [undefined, [], ['Admin'], ['reader']]) {
      const outcome = await door.ask({ forgery: { claims: { roles } } });
      assert.ok(!outcome.ok && outcome.status === 403);
      assert.match(outcome.headers['WWW-Authenticate'] ?? '', /error="insufficient_scope"/);
    }
  });

  it('of a route are held against what was let in, without a second proof', async (t) => {
    const door = await Door.open(t);
    const outcome = await door.ask({ forgery: { claims: { roles: ['reader'] } } });
    assert.ok(outcome.ok);
    assert.equal(codeOf(door.gateway.require(outcome, { roles: ['reader'] })), 'in');
    assert.equal(codeOf(door.gateway.require(outcome, { roles: ['admin'] })), 'role_missing');
  });

  it('that make no sense let nobody in', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const headers = { authorization: `DPoP ${token}`, dpop: await door.proof(token) };
    const request = { method: 'GET', url: '/things', headers };
    assert.equal(codeOf(await door.gateway.verify(request, { acrValues: ['a"b'] })), 'unavailable');
    assert.equal(codeOf(await door.gateway.verify(request, { roles: [] })), 'unavailable');
  });
});

/** What the backend says of every token: good, with these claims. */
async function vouching(t: TestContext, options: Parameters<typeof Door.open>[1] = {}) {
  const door = await Door.open(t, { mode: 'introspection', ...options });
  const answer = (change: Record<string, unknown>) => {
    door.backend.introspect = (token) => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
      return Response.json({ active: true, token_type: 'DPoP', ...claims, ...change });
    };
  };
  answer({});
  return { door, answer };
}

describe('in mode introspection', () => {
  it('the backend is asked with the credentials, and the proof is checked here', async (t) => {
    const { door } = await vouching(t);
    const outcome = await door.ask();
    assert.ok(outcome.ok, codeOf(outcome));
    const [asked] = door.backend.asked;
    assert.equal(asked?.headers.get('authorization'), `Basic ${Buffer.from('gw_1:a%20secret').toString('base64')}`);
    assert.ok(!('active' in outcome.claims));
    const token = await door.token();
    assert.equal(codeOf(await door.ask({ token, proof: null })), 'proof_missing');
    const proof = await door.proof(token);
    assert.equal(codeOf(await door.ask({ token, proof })), 'in');
    assert.equal(codeOf(await door.ask({ token, proof })), 'proof_replayed');
  });

  it('what is not active, or not for us after all, is refused', async (t) => {
    const { door, answer } = await vouching(t);
    door.backend.introspect = () => Response.json({ active: false });
    assert.equal(codeOf(await door.ask()), 'token_ended');
    answer({ aud: 'https://other.example' });
    assert.equal(codeOf(await door.ask()), 'token_other_audience');
    answer({ exp: seconds - 60 });
    assert.equal(codeOf(await door.ask()), 'token_expired');
    answer({ cnf: { jkt: 'A'.repeat(43) } });
    assert.equal(codeOf(await door.ask()), 'proof_other_key');
    answer({ cnf: undefined });
    assert.equal(codeOf(await door.ask()), 'token_malformed');
  });

  it('a token that cannot be for us is refused before anybody is asked', async (t) => {
    const { door } = await vouching(t);
    assert.equal(codeOf(await door.ask({ token: 'x'.repeat(40_000) })), 'token_malformed');
    for (const header of [{ typ: 'JWT' }, { alg: 'none' }]) {
      const token = await door.token();
      const [, payload, signature] = token.split('.');
      const changed = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 't1', ...header })).toString(
        'base64url',
      );
      assert.equal(codeOf(await door.ask({ token: `${changed}.${payload}.${signature}` })), 'token_malformed');
    }
    assert.equal(
      codeOf(await door.ask({ forgery: { claims: { aud: 'https://other.example' } } })),
      'token_other_audience',
    );
    assert.deepEqual(door.backend.asked, []);
  });

  const failures: [string, (backend: FakeBackend) => void, string][] = [
    ['is away', (backend) => void (backend.away = true), 'backend_unavailable'],
    [
      'answers 500',
      (backend) => void (backend.introspect = () => new Response(null, { status: 500 })),
      'backend_unavailable',
    ],
    [
      'answers 429',
      (backend) => void (backend.introspect = () => new Response(null, { status: 429 })),
      'backend_unavailable',
    ],
    [
      'refuses our credentials',
      (backend) => void (backend.introspect = () => new Response(null, { status: 401 })),
      'credentials_refused',
    ],
    [
      'says something else',
      (backend) => void (backend.introspect = () => new Response('<html>')),
      'backend_unavailable',
    ],
    [
      'says active in another way',
      (backend) => void (backend.introspect = () => Response.json({ active: 'true' })),
      'backend_unavailable',
    ],
    ['never ends', (backend) => void (backend.introspect = () => new Promise(() => {})), 'backend_unavailable'],
    [
      'says too much',
      (backend) => void (backend.introspect = () => new Response(`${' '.repeat(2_000_000)}{"active":false}`)),
      'backend_unavailable',
    ],
  ];
  for (const [what, fail, problem] of failures) {
    it(`nobody is let in while the backend ${what}`, async (t) => {
      const { door } = await vouching(t, { timeoutMs: 50 });
      fail(door.backend);
      const outcome = await door.ask();
      assert.ok(!outcome.ok && outcome.status === 503, codeOf(outcome));
      assert.deepEqual(
        door.problems.map(({ code }) => code),
        [problem],
      );
      assert.doesNotMatch(JSON.stringify(door.problems) + outcome.body, /a secret|a%20secret/);
    });
  }

  it('no more requests wait for the backend than are allowed to', async (t) => {
    const { door } = await vouching(t, { maxInFlight: 2 });
    let release: (answer: Response) => void = () => {};
    const answer = new Promise<Response>((done) => (release = done));
    door.backend.introspect = () => answer.then((response) => response.clone());
    const waiting = [door.ask(), door.ask()];
    while (door.backend.count('/oauth/introspect') < 2) await new Promise((done) => setImmediate(done));
    const third = await door.ask();
    assert.ok(!third.ok && third.status === 503);
    assert.deepEqual(
      door.problems.map(({ code }) => code),
      ['backend_overloaded'],
    );
    release(Response.json({ active: false }));
    for (const each of await Promise.all(waiting)) assert.equal(codeOf(each), 'token_ended');
  });

  it('by an explicit choice a token that has not expired is taken by its signature while the backend is away', async (t) => {
    const { door } = await vouching(t, { onUnavailable: 'allow-unexpired', maxInFlight: 1 });
    door.backend.introspect = () => new Response(null, { status: 503 });
    assert.equal(codeOf(await door.ask()), 'in');
    assert.equal(codeOf(await door.ask()), 'in');
    assert.equal(door.problems.filter(({ code }) => code === 'allowed_unexpired').length, 2, 'each use is told');
    assert.equal(codeOf(await door.ask({ proof: null })), 'proof_missing');
    assert.equal(codeOf(await door.ask({ forgery: { claims: { exp: seconds - 6 } } })), 'token_expired');
    const { privateKey } = await generateKeyPair('ES256');
    assert.equal(codeOf(await door.ask({ forgery: { key: privateKey } })), 'token_signature');
    door.backend.introspect = () => Response.json({ active: false });
    assert.equal(codeOf(await door.ask()), 'token_ended');
    door.backend.introspect = () => new Response(null, { status: 401 });
    assert.equal(codeOf(await door.ask()), 'unavailable', 'wrong credentials are no outage');
  });

  it('the keys for that are there before the backend is away, and stay fresh', async (t) => {
    const { door } = await vouching(t, { onUnavailable: 'allow-unexpired' });
    assert.equal(codeOf(await door.ask()), 'in');
    assert.equal(door.backend.count('/.well-known/jwks.json'), 1);
    door.clock.set(start + 5 * minute);
    assert.equal(codeOf(await door.ask()), 'in');
    assert.equal(door.backend.count('/.well-known/jwks.json'), 2);
    door.backend.away = true;
    assert.equal(codeOf(await door.ask()), 'in');
    assert.equal(door.problems.at(-1)?.code, 'allowed_unexpired');
  });

  it('who floods the backend does not open the door with it', async (t) => {
    const { door } = await vouching(t, { onUnavailable: 'allow-unexpired', maxInFlight: 0 });
    assert.equal(codeOf(await door.ask()), 'unavailable');
  });
});

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

describe('what a token says beyond the schema', () => {
  it('reaches the application', async (t) => {
    const door = await Door.open(t);
    const outcome = await door.ask({ forgery: { claims: { later: [1] } } });
    assert.ok(outcome.ok);
    assert.deepEqual((outcome.claims as Record<string, unknown>)['later'], [1]);
  });
});

it('maxAge is held to the sign-in of a person, and not only to the state of their device', async (t) => {
  const door = await Door.open(t, { maxAge: 60 });
  const codeFor = async (auth_time?: number) => {
    const who = { sub: door.issuer.owner, owner: undefined, act: { sub: door.issuer.device }, auth_time };
    return codeOf(await door.ask({ forgery: { claims: who } }));
  };
  assert.equal(await codeFor(seconds - 60), 'in');
  assert.equal(await codeFor(seconds - 61), 'step_up_required');
  assert.equal(await codeFor(), 'step_up_required');
});

it('tokens of people are taken as those of devices', async (t) => {
  const door = await Door.open(t);
  const who = (issuer: FakeIssuer) => ({ sub: issuer.owner, act: { sub: issuer.device }, auth_time: seconds - 5 });
  const outcome = await door.ask({ forgery: { claims: who(door.issuer) } });
  assert.ok(outcome.ok);
  assert.equal(outcome.claims.sub, door.issuer.owner);
  assert.equal(codeOf(await door.ask({ forgery: { claims: { sub: idOf('gateway') } } })), 'token_malformed');
});
