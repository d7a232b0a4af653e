import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastUpdate } from '@postern/shared/checks/last-update';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';
import { lastUpgradeInDpkgLog, lastUpgradeInHistory, lastUpgradeInPacmanLog } from './logs.ts';

const read = (id: string, recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(
    recordedSystem({ platform: 'linux', ...recording, files: { '/etc/os-release': `ID=${id}\n`, ...recording.files } }),
  );

const history = `
Start-Date: 2026-09-22  04:45:19
Commandline: apt-get upgrade
Upgrade: linux-libc-dev:amd64 (6.1.140-1, 6.1.187-1)
End-Date: 2026-09-22  04:45:29

Start-Date: 2026-10-16  23:03:57
Commandline: apt-get install cmake
Install: cmake:amd64 (3.25.1-1), libuv1:amd64 (1.44.2-1, automatic)
End-Date: 2026-10-16  23:04:01
`;
const dpkg = `2026-08-01 10:00:00 startup archives unpack
2026-08-01 10:00:01 upgrade libc6:amd64 2.36-9 2.36-10
2026-08-01 10:00:02 status installed libc6:amd64 2.36-10
2026-08-02 10:00:00 install nethack:amd64 <none> 3.6
`;
/** date(1) on a machine in Berlin, and on one without a zone. */
const seconds = (time: string) => `${Date.parse(time) / 1000}\n`;
const berlin = { '/usr/bin/date -d 2026-09-22 04:45:29 +%s': seconds('2026-09-22T04:45:29+02:00') };
const utc = {
  '/bin/date -d 2026-09-22 04:45:29 +%s': seconds('2026-09-22T04:45:29Z'),
  '/bin/date -d 2026-08-01 10:00:01 +%s': seconds('2026-08-01T10:00:01Z'),
};

test('apt: the end of the last upgrade, in UTC; a later installation is none', async () => {
  const finding = await read('debian', { files: { '/var/log/apt/history.log': history }, commands: berlin });
  assert.deepEqual(valueOf(finding, lastUpdate), { installedAt: '2026-09-22T02:45:29.000Z', source: 'apt' });
});

test('apt: last month’s log when this month’s is empty, then dpkg’s', async () => {
  const rotated = { '/var/log/apt/history.log': '', '/var/log/apt/history.log.1': history };
  assert.equal(
    valueOf(await read('ubuntu', { files: rotated, commands: utc }), lastUpdate).installedAt,
    '2026-09-22T04:45:29.000Z',
  );
  const finding = await read('debian', {
    files: { '/var/log/apt/history.log': '', '/var/log/dpkg.log': dpkg },
    commands: utc,
  });
  assert.equal(valueOf(finding, lastUpdate).installedAt, '2026-08-01T10:00:01.000Z');
});

test('apt: no log of an upgrade, no right to read it and a time that date(1) does not understand are unknown', async () => {
  assert.equal(reasonOf(await read('debian')), 'no-data');
  assert.equal(reasonOf(await read('debian', { files: { '/var/log/apt/history.log': refused } })), 'permission-denied');
  for (const answer of [
    '',
    'yesterday',
    '17589',
    '1758509129',
    '1\n',
    seconds('2026-09-24T04:45:29Z'),
    exited(1, '', 'invalid date'),
  ]) {
    const commands = { '/usr/bin/date -d 2026-09-22 04:45:29 +%s': answer };
    const finding = await read('debian', { files: { '/var/log/apt/history.log': history }, commands });
    assert.equal(reasonOf(finding), 'output-unreadable');
  }
});

test('an upgrade that was interrupted has no end, and the one before counts', () => {
  const text = `${history}\nStart-Date: 2026-11-01  00:00:00\nUpgrade: a:amd64 (1, 2)\n`;
  assert.equal(lastUpgradeInHistory(text)?.month, 9);
});

test('dnf: when its history was last written', async () => {
  const modified = {
    '/var/lib/dnf/history.sqlite': Date.UTC(2026, 10, 1),
    '/var/lib/dnf/history.sqlite-wal': Date.UTC(2026, 10, 2),
  };
  assert.deepEqual(valueOf(await read('fedora', { modified }), lastUpdate), {
    installedAt: '2026-11-02T00:00:00.000Z',
    source: 'dnf',
  });
  assert.equal(reasonOf(await read('fedora')), 'no-data');
});

test('pacman: the last upgraded package, or the folder of packages when the log is too long', async () => {
  const log =
    '[2026-10-01T12:00:00+0200] [ALPM] upgraded vim (9-1 -> 10-1)\n[2026-10-02T12:00:00+0200] [ALPM] installed gimp (3-1)\n';
  const value = valueOf(await read('arch', { files: { '/var/log/pacman.log': log } }), lastUpdate);
  assert.deepEqual(value, { installedAt: '2026-10-01T10:00:00.000Z', source: 'pacman' });
  const long = await read('arch', {
    files: { '/var/log/pacman.log': { outcome: 'failed', detail: 'it is larger than 1 MiB' } },
    modified: { '/var/lib/pacman/local': Date.UTC(2026, 9, 3) },
  });
  assert.equal(valueOf(long, lastUpdate).installedAt, '2026-10-03T00:00:00.000Z');
});

test('zypper: what an update put in, in UTC; what somebody installed by name is none', async () => {
  const files = {
    '/etc/os-release': 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n',
    '/var/log/zypp/history': [
      "2026-10-16 23:00:00|command|root@laptop|'zypper' 'up'|",
      '2026-10-16 23:04:01|install|curl|8.6.0-2.1|x86_64||repo-update|0a1b|',
      "2026-10-18 09:00:00|command|root@laptop|'zypper' 'in' 'gimp'|",
      '2026-10-18 09:00:10|install|gimp|2.10-1|x86_64|root@laptop|repo-oss|2c3d|',
      '',
    ].join('\n'),
  };
  const commands = { '/usr/bin/date -d 2026-10-16 23:04:01 +%s': `${Date.UTC(2026, 9, 16, 21, 4, 1) / 1000}\n` };
  assert.deepEqual(valueOf(await read('', { files, commands }), lastUpdate), {
    installedAt: '2026-10-16T21:04:01.000Z',
    source: 'zypper',
  });
  assert.equal(reasonOf(await read('', { files: { ...files, '/var/log/zypp/history': '' } })), 'no-data');
});

test('another package manager is unknown', async () => {
  assert.equal(reasonOf(await read('gentoo')), 'tool-absent');
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(lastUpgradeInHistory(`${text}\n${history}`)?.day, 22);
      assert.equal(lastUpgradeInDpkgLog(`${text}\n${dpkg}`)?.month, 8);
      assert.equal(lastUpgradeInPacmanLog(text), undefined);
    }),
  );
});
