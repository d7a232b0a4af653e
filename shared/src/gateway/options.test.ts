import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type GatewayOptions, readOptions } from './options.ts';
import type { Problem } from './types.ts';

const good: GatewayOptions = {
  issuer: 'https://trust.example',
  audience: 'https://app.example/api',
  mode: 'introspection',
  credentials: { id: 'gw_1', secret: 'x' },
};

it('clients are expected at the origin of the audience, where nothing else is said', () => {
  assert.equal(readOptions(good).publicUrl.href, 'https://app.example/');
  assert.equal(
    readOptions({ ...good, publicUrl: 'https://www.example/app' }).publicUrl.href,
    'https://www.example/app',
  );
});

const refused: [string, Partial<GatewayOptions>, RegExp][] = [
  ['a mode that is none', { mode: 'offline' as never }, /mode must be/],
  ['an audience that is no address, without publicUrl', { audience: 'app' }, /publicUrl is needed/],
  ['a publicUrl with a query', { publicUrl: 'https://app.example/?a' }, /publicUrl/],
  ['a backend over http', { issuer: 'http://trust.example' }, /https/],
  ['a backend that is no address', { backendUrl: 'trust' }, /address of Postern/],
  ['no credentials where they are needed', { credentials: undefined as never }, /credentials/],
  ['credentials that nobody set', { credentials: { id: 'gw_1', secret: undefined as never } }, /credentials are empty/],
  ['credentials that are empty', { credentials: { id: '', secret: 'x' } }, /credentials are empty/],
  ['an issuer with a slash at its end', { issuer: 'https://trust.example/' }, /issuer must be written/],
  ['an issuer that is no address', { issuer: '' }, /issuer must be written/],
  ['signals without credentials', { mode: 'local', signals: true, credentials: undefined as never }, /credentials/],
  ['clocks that differ by more than a minute', { clockToleranceSeconds: 61 }, /clockToleranceSeconds/],
  ['a tolerance that is no number', { clockToleranceSeconds: Number.NaN }, /clockToleranceSeconds/],
  ['dpop off where the backend checks it', { mode: 'decision', dpop: 'off' }, /dpop/],
  ['dpop of another word', { dpop: 'optional' as never }, /dpop/],
  ['onUnavailable of another word', { onUnavailable: 'allow' as never }, /onUnavailable/],
  ['letting in without the backend, unheard', { onUnavailable: 'allow-unexpired' }, /onProblem/],
  [
    'letting in without the backend where it is not asked',
    { mode: 'local', onUnavailable: 'allow-unexpired' },
    /onUnavailable/,
  ],
  ['a class that would break the header', { acrValues: ['a"'] }, /acrValues/],
  ['a maxAge that is no number', { maxAge: -1 }, /maxAge/],
  ['no role at all', { roles: [] }, /roles/],
];
for (const [what, change, reason] of refused)
  it(`${what} is refused`, () => {
    assert.throws(() => readOptions({ ...good, ...change }), reason);
  });

it('the backend may be on this machine, or on a way that is protected otherwise', () => {
  for (const issuer of ['http://127.0.0.1:7420', 'http://localhost:7420', 'http://[::1]:7420'])
    assert.equal(readOptions({ ...good, issuer }).backendUrl, issuer);
  const backendUrl = 'http://postern:7420/';
  assert.equal(readOptions({ ...good, backendUrl, allowHttp: true }).backendUrl, 'http://postern:7420');
});

it('a problem is told once in ten seconds, and a log that fails changes nothing', () => {
  let now = 0;
  const told: Problem[] = [];
  const settings = readOptions({
    ...good,
    clock: { now: () => now },
    onProblem: (problem) => {
      told.push(problem);
      throw new Error('disk full');
    },
  });
  for (const at of [0, 1, 9_999, 10_000]) {
    now = at;
    settings.onProblem({ code: 'backend_unavailable', message: 'x' });
  }
  assert.equal(told.length, 2);
});
