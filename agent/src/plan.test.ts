import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minute } from '@postern/shared/time';
import { planned, everything } from './collect/request.ts';
import { asksForMore, checksOf, keptFor, targetsOf } from './plan.ts';
import { planOf } from './testing/documents.ts';

const key = (letter: string) => letter.repeat(43);

test('before any plan only the version of the system is read, and nothing is kept', () => {
  assert.deepEqual(checksOf(null), ['os-version']);
  assert.deepEqual(planned(null, 0).checks, ['os-version']);
  assert.equal(keptFor(null), 0);
  assert.equal(everything(null, 0).checks, undefined);
});

test('checks of a newer backend are left out', () => {
  assert.deepEqual(checksOf(planOf({ checks: ['firewall', 'retina-scan', 'uptime'] })), ['firewall', 'uptime']);
});

test('a reading serves again for half of what the backend accepts, and for a quarter of an hour at most', () => {
  assert.equal(keptFor(planOf({ maxReadingAgeSeconds: 600 })), 5 * minute);
  assert.equal(keptFor(planOf({ maxReadingAgeSeconds: 86_400 })), 15 * minute);
});

test('targets are a record of what was named, and of nothing that every object has', () => {
  assert.deepEqual(targetsOf({ files: ['/a'] }, 'files'), ['/a']);
  assert.deepEqual(targetsOf({}, 'constructor'), []);
  assert.deepEqual(targetsOf(JSON.parse('{"__proto__":["/a"]}') as never, 'toString'), []);
});

const sent = planOf({ checks: ['firewall', 'files', 'identifiers'], targets: { files: ['/a', '/b'] } });
for (const [what, change, more] of [
  ['the same', {}, false],
  ['less', { checks: ['firewall'], targets: {} }, false],
  ['fewer targets', { targets: { files: ['/b'] } }, false],
  ['another check', { checks: [...sent.checks, 'uptime'] }, true],
  ['a check that this agent does not know', { checks: [...sent.checks, 'retina-scan'] }, false],
  ['another target', { targets: { files: ['/a', '/c'] } }, true],
  ['targets of a check that is not asked for', { targets: { ...sent.targets, processes: ['/c'] } }, false],
  ['hashes in place of identifiers', { identifierKey: key('k') }, true],
  ['hashes where no identifiers are asked for', { checks: ['firewall'], targets: {}, identifierKey: key('k') }, false],
  ['newer readings', { maxReadingAgeSeconds: 60 }, false],
] as const) {
  test(`after a report, ${what} is ${more ? '' : 'no '}reason to report again`, () => {
    assert.equal(asksForMore(planOf({ ...sent, ...change } as never), sent), more);
  });
}

test('any plan beyond the version of the system is more than was sent without one', () => {
  assert.equal(asksForMore(planOf({ checks: ['os-version'] }), null), false);
  assert.equal(asksForMore(planOf({ checks: [] }), null), false);
  assert.equal(asksForMore(planOf({ checks: ['os-version', 'uptime'] }), null), true);
});

test('another key for the identifiers is asked for again', () => {
  const before = planOf({ ...sent, identifierKey: key('a') });
  assert.equal(asksForMore(planOf({ ...sent, identifierKey: key('b') }), before), true);
  assert.equal(asksForMore(planOf({ ...sent, identifierKey: null }), before), true);
});
