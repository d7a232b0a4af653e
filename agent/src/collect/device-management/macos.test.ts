import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceManagement } from '@postern/shared/checks/device-management';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { isRegisteredWithEntra, parseDirectory, parseEnrollment } from './macos-parse.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const none = fixture('macos-13-none.txt');

function mac(
  profiles: string | CommandResult,
  domain: string | CommandResult = '',
  sso: string | CommandResult = refused,
) {
  return recordedSystem({
    platform: 'macos',
    commands: {
      '/usr/bin/profiles status -type enrollment': profiles,
      '/usr/sbin/dsconfigad -show': domain,
      '/usr/bin/app-sso platform -s': sso,
    },
  });
}

async function valueFor(...answers: Parameters<typeof mac>) {
  return valueOf(await readMacos(mac(...answers)), deviceManagement);
}

test('a management is named by its server', async () => {
  const expected = [
    ['macos-14-jamf.txt', 'jamf'],
    ['macos-15-intune.txt', 'intune'],
    ['macos-26-own-server.txt', 'mdm.example.org'],
  ] as const;
  for (const [name, mdm] of expected) {
    assert.deepEqual(await valueFor(fixture(name)), { managed: true, mdm, directory: null }, name);
  }
});

test('a server that only begins like a known one is not that one', async () => {
  assert.equal((await valueFor(fixture('macos-look-alike.txt'))).mdm, 'jamfcloud.com.example.net');
});

test('a server whose name is cut off or spoilt is not named, and the word for its protocol is no name', async () => {
  const whole = fixture('macos-14-jamf.txt');
  const server = /https:\/\/\S+/.exec(whole)?.[0] ?? '';
  for (let length = 1; length < server.length; length += 1) {
    const part = whole.slice(0, whole.indexOf(server) + length);
    assert.equal(reasonOf(await readMacos(mac(part))), 'output-unreadable', part);
  }
  for (const spoilt of [server.replace('jamf', 'ja\u001b[31mmf'), server.replace('jamf', 'ja\u202emf')]) {
    assert.equal((await valueFor(whole.replace(server, spoilt))).mdm, null, spoilt);
  }
});

test('a Mac that is assigned to an organisation, and not enrolled, is not managed', async () => {
  const nobody = { managed: false, mdm: null, directory: null };
  assert.deepEqual(await valueFor(fixture('macos-15-assigned-only.txt')), nobody);
  assert.deepEqual(await valueFor(none), nobody);
});

test('a domain and Entra ID are directories', async () => {
  const domain = fixture('macos-14-domain.txt');
  assert.deepEqual(await valueFor(none, domain), { managed: true, mdm: null, directory: 'active-directory' });
  const entra = await valueFor(fixture('macos-15-intune.txt'), '', fixture('macos-15-entra.txt'));
  assert.deepEqual(entra, { managed: true, mdm: 'intune', directory: 'entra-id' });
});

test('a registration that is not complete, or a person’s own, does not register the Mac', async () => {
  for (const name of ['macos-15-entra-pending.txt', 'macos-15-entra-user-only.txt']) {
    assert.equal((await valueFor(none, '', fixture(name))).directory, null, name);
  }
});

test('nobody manages it only where both places could be looked at', async () => {
  assert.equal(reasonOf(await readMacos(mac(none, refused))), 'output-unreadable');
  assert.equal(reasonOf(await readMacos(mac(none, 'Invalid configuration'))), 'output-unreadable');
  assert.equal((await valueFor(refused, fixture('macos-14-domain.txt'))).directory, 'active-directory');
  assert.equal((await valueFor(fixture('macos-14-jamf.txt'), refused)).managed, true);
});

test('no answer, half an answer and something else are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'tool-absent');
  assert.equal(reasonOf(await readMacos(mac(refused))), 'permission-denied');
  assert.equal(reasonOf(await readMacos(mac({ outcome: 'timed-out' }))), 'timed-out');
  for (const text of [
    '',
    '<html>MDM enrollment: Yes</html>',
    fixture('macos-truncated.txt'),
    'Enrolled via DEP: No\nMDM enrollment: Ye',
    'Enrolled via DEP: No\nMDM enrollment: Yes\nMDM enrollment: No\n',
    'Registrierung: Nein\n',
  ]) {
    assert.equal(reasonOf(await readMacos(mac(text))), 'output-unreadable', text);
  }
  assert.equal(reasonOf(await readMacos(mac(exited(1, none)))), 'output-unreadable');
});

test('no text is a management or a directory by accident', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseEnrollment(text), undefined);
      assert.notEqual(parseDirectory(text), 'active-directory');
      assert.equal(isRegisteredWithEntra(text), false);
    }),
  );
  for (const part of ['\n', ' ', 'Device Configuration:\n', '\t']) {
    const started = performance.now();
    isRegisteredWithEntra(`Device Configuration:\n${part.repeat(100_000)}`);
    parseDirectory(part.repeat(100_000));
    assert.ok(performance.now() - started < 2000, JSON.stringify(part));
  }
});
