import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerUrlError } from './faults.ts';
import { checkIssuer, parseServerUrl } from './server-url.ts';

for (const [given, read] of [
  ['https://postern.example.com', 'https://postern.example.com'],
  ['https://postern.example.com/', 'https://postern.example.com'],
  ['https://example.com/postern/', 'https://example.com/postern'],
  ['http://127.0.0.1:7420', 'http://127.0.0.1:7420'],
  ['http://localhost:7420/', 'http://localhost:7420'],
  ['http://[::1]:7420', 'http://[::1]:7420'],
] as const) {
  test(`${given} is accepted`, () => assert.equal(parseServerUrl(given, false), read));
}

for (const given of [
  'postern.example.com',
  '',
  'ftp://postern.example.com',
  'http://postern.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://192.168.0.10:7420',
  'https://ada:secret@postern.example.com',
  'https://postern.example.com/?a=1',
  'https://postern.example.com/#a',
]) {
  test(`${given === '' ? 'nothing' : given} is refused`, () =>
    assert.throws(() => parseServerUrl(given, false), ServerUrlError));
}

test('plain http to another machine must be asked for', () => {
  assert.equal(parseServerUrl('http://192.168.0.10:7420', true), 'http://192.168.0.10:7420');
});

test('a backend elsewhere may not call itself another issuer, unless the person names it', () => {
  const refused = (url: string, issuer: string, expected?: string) =>
    assert.throws(() => checkIssuer(url, issuer, expected), ServerUrlError);
  checkIssuer('https://a.example', 'https://a.example', undefined);
  checkIssuer('https://a.example', 'https://a.example/postern', undefined);
  checkIssuer('http://127.0.0.1:7420', 'https://b.example', undefined);
  checkIssuer('https://a.example', 'https://b.example', 'https://b.example');
  refused('https://a.example', 'https://b.example');
  refused('https://a.example', 'https://a.example:8443');
  refused('https://a.example', 'not a url');
  refused('http://127.0.0.1:7420', 'https://b.example', 'https://c.example');
});
