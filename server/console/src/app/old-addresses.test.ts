import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectOldAddress } from './old-addresses.ts';

function go(hash: string): string | undefined {
  let gone: string | undefined;
  const history = { replaceState: (_state: unknown, _unused: string, to: string) => void (gone = to) };
  redirectOldAddress({ hash } as Location, history as unknown as History);
  return gone;
}

test('addresses in mails that were sent before the console had paths lead to the same thing', () => {
  assert.equal(
    go('#/exceptions/exc_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f'),
    '/console/exceptions/exc_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f',
  );
});

test('the code of a sign-in link stays behind the #, which no server is told', () => {
  assert.equal(go('#sign-in=abc_DEF-1'), '/console/sign-in#sign-in=abc_DEF-1');
});

test('nothing else leads anywhere: no other host, no script', () => {
  for (const hash of ['', '#', '#//evil.example', '#/\\evil.example', '#javascript:alert(1)', '#/a?to=//evil.example'])
    assert.ok((go(hash) ?? '/console/').startsWith('/console/'), hash);
});
