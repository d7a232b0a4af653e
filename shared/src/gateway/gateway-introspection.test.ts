import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { generateKeyPair } from 'jose';
import { minute, second } from '../time.ts';
import { codeOf, Door } from './testing/door.ts';
import { start } from './testing/fake-issuer.ts';
import type { FakeBackend } from './testing/fake-backend.ts';

const seconds = start / second;

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
