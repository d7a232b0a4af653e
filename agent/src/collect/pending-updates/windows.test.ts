import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { assertOnlyAnswersBelieved, windowsAnswering } from '../windows/testing/recorded-windows.ts';
import { restartRequired, script } from './windows-parse.ts';
import { readWindows } from './windows.ts';

const fixture = fixturesOf(import.meta.url);

function read(name: string) {
  return readWindows(windowsAnswering(script, fixture(`windows-${name}.json`)));
}

async function valueFor(name: string) {
  return valueOf(await read(name), pendingUpdates);
}

test('a Windows with nothing to install says so, and when it last looked', async () => {
  assert.deepEqual(await valueFor('10-22h2-none'), {
    count: 0,
    securityCount: 0,
    restartRequired: false,
    listRefreshedAt: '2026-11-21T03:11:22.000Z',
    source: 'windows-update',
  });
});

test('security updates are known by their category or severity, not by their title', async () => {
  const value = await valueFor('11-24h2-security');
  assert.deepEqual([value.count, value.securityCount, value.restartRequired], [3, 2, true]);
  assert.doesNotMatch(script, /Title/);
});

test('previews and drivers that wait to be chosen do not nag', async () => {
  const value = await valueFor('11-23h2-japanese-optional');
  assert.deepEqual([value.count, value.securityCount], [0, 0]);
});

test('a restart may be asked for by either of two parts of Windows', async () => {
  assert.equal((await valueFor('11-25h2-servicing-restart')).restartRequired, true);
  assert.equal((await valueFor('server-2025-restart-refused')).restartRequired, null);
  assert.equal(restartRequired([null, true]), true);
  assert.equal(restartRequired([]), null);
});

test('the search asks what Windows already knows, and not Microsoft', () => {
  assert.match(script, /\.Online = \$false/);
});

test('when the list was fetched is also read where it stood before Windows 10', async () => {
  const value = await valueFor('server-2019-old-key');
  assert.deepEqual([value.securityCount, value.listRefreshedAt], [1, '2026-11-20T21:15:09.000Z']);
});

test('a Windows that never looked for updates has not none', async () => {
  assert.equal(reasonOf(await read('server-2022-never-searched')), 'no-data');
});

test('what is beyond the first few hundred counts, and may be about security', async () => {
  const value = await valueFor('11-many');
  assert.deepEqual([value.count, value.securityCount], [12, null]);
});

test('a category that was spoilt could be that of security', async () => {
  const whole = fixture('windows-11-24h2-security.json');
  for (const instead of ['00fa1201d-', '0fa1201\ufffd-', '0fa1201']) {
    const text = whole.replace(/0fa1201d-/i, instead);
    assert.notEqual(text, whole);
    assert.equal(reasonOf(await readWindows(windowsAnswering(script, text))), 'output-unreadable', instead);
  }
});

test('a search that failed has not found nothing', async () => {
  assert.equal(reasonOf(await read('search-failed')), 'no-data');
});

test('what stands in the way is said: a service, rights, or a restricted PowerShell', async () => {
  const service = await read('service-off');
  assert.equal(reasonOf(service), 'failed');
  assert.match(service.status === 'unknown' ? service.detail : '', /wuauserv/);
  assert.equal(reasonOf(await read('access-denied')), 'permission-denied');
  assert.equal(reasonOf(await read('constrained-language')), 'permission-denied');
});

test('a slow search, no answer, another answer and a part of one are unknown', async () => {
  await assertOnlyAnswersBelieved(script, readWindows, fixture('windows-11-24h2-security.json'));
});
