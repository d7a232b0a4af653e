import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { isWholeList, parseUpgradable } from './apt.ts';
import { parseCheckUpdate } from './dnf.ts';
import { readLinux } from './linux.ts';
import { parseUpdates } from './zypper.ts';

const read = (id: string, recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(
    recordedSystem({ platform: 'linux', ...recording, files: { '/etc/os-release': `ID=${id}\n`, ...recording.files } }),
  );

const aptList = '/usr/bin/apt list --upgradable';
const folder = '/var/lib/apt/lists';
const sources = (...suites: string[]) => ({
  [folder]: suites.map((suite) => `deb.debian.org_debian_dists_${suite}_InRelease`),
});
const answer = [
  'Listing...',
  'curl/oldstable 7.88.1-10+deb12u15 amd64 [upgradable from: 7.88.1-10+deb12u14]',
  'openssl/oldstable-security,oldstable 3.0.20-1~deb12u2 amd64 [upgradable from: 3.0.17-1]',
  'libstdc++6/noble-updates,noble-security 14.2.0-4ubuntu2 amd64 [upgradable from: 14.2.0-1]',
  'N: There are 3 additional versions. Please use the -a switch to see them.',
  '',
].join('\n');

test('apt: updates and those for security, with the age of the list', async () => {
  const fetched = Date.UTC(2026, 10, 20);
  const finding = await read('debian', {
    dirs: sources('bookworm', 'bookworm-security'),
    modified: { [folder]: fetched },
    commands: { [aptList]: answer },
    files: { '/usr/bin/unattended-upgrade': '' },
  });
  assert.deepEqual(valueOf(finding, pendingUpdates), {
    count: 3,
    securityCount: 2,
    restartRequired: false,
    listRefreshedAt: '2026-11-20T00:00:00.000Z',
    source: 'apt',
  });
});

test('apt: where no source of security updates is set up, none is not zero', async () => {
  const finding = await read('debian', { dirs: sources('bookworm'), commands: { [aptList]: 'Listing...\n' } });
  const value = valueOf(finding, pendingUpdates);
  assert.equal(value.count, 0);
  assert.equal(value.securityCount, null);
});

test('apt: lists that were never fetched are unknown, not up to date', async () => {
  const commands = { [aptList]: 'Listing...\n' };
  assert.equal(reasonOf(await read('debian', { commands, dirs: { [folder]: ['lock', 'partial'] } })), 'no-data');
  assert.equal(reasonOf(await read('debian', { commands })), 'no-data');
});

test('apt: Ubuntu’s phased updates do not count', async () => {
  const commands = { [aptList]: answer, [`${aptList} ?not(?phasing)`]: 'Listing...\n' };
  const finding = await read('ubuntu', { dirs: sources('noble-security'), commands });
  assert.equal(valueOf(finding, pendingUpdates).count, 0);
});

test('apt: an Ubuntu whose apt does not know phased updates has none', async () => {
  const commands = {
    [aptList]: answer,
    [`${aptList} ?not(?phasing)`]: exited(100, '', "E: input:0-15: error: Unrecognized pattern '?phasing'"),
  };
  const finding = await read('ubuntu', { dirs: sources('focal-security'), commands });
  assert.equal(valueOf(finding, pendingUpdates).count, 3);
});

test('apt: a restart that is asked for; one that nothing here would ask for is not known', async () => {
  const machine = { dirs: sources('bookworm'), commands: { [aptList]: 'Listing...\n' } };
  const asked = await read('debian', {
    ...machine,
    files: { '/run/reboot-required': '*** System restart required ***\n' },
  });
  assert.equal(valueOf(asked, pendingUpdates).restartRequired, true);
  const hidden = await read('debian', { ...machine, files: { '/run/reboot-required': refused } });
  assert.equal(valueOf(hidden, pendingUpdates).restartRequired, true, 'that it is there says it');
  assert.equal(valueOf(await read('debian', machine), pendingUpdates).restartRequired, null);
});

test('apt: the newest stamp tells when the list was fetched', async () => {
  const modified = {
    [folder]: Date.UTC(2026, 9, 1),
    '/var/lib/apt/periodic/update-success-stamp': Date.UTC(2026, 10, 21),
  };
  const finding = await read('linuxmint', {
    files: { '/etc/os-release': 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' },
    dirs: sources('bookworm'),
    commands: { [`${aptList} ?not(?phasing)`]: 'Listing...\n' },
    modified,
  });
  assert.equal(valueOf(finding, pendingUpdates).listRefreshedAt, '2026-11-21T00:00:00.000Z');
});

test('apt: an error, a refusal and silence are unknown', async () => {
  for (const [result, reason] of [
    [exited(100, 'E: Could not open lock file'), 'output-unreadable'],
    ['<html>', 'output-unreadable'],
    [refused, 'permission-denied'],
    [{ outcome: 'timed-out' }, 'timed-out'],
  ] as const) {
    assert.equal(
      reasonOf(await read('debian', { dirs: sources('bookworm'), commands: { [aptList]: result } })),
      reason,
    );
  }
});

const dnf = '/usr/bin/dnf -q -C check-update';
const updates =
  '\nkernel.x86_64    6.11.4-301.fc41    updates\nvim-data.noarch    2:9.1.8-1.fc41   updates\nObsoleting Packages\nold.noarch   1-1   updates\n';

test('dnf: updates, and the security ones among them', async () => {
  const commands = {
    [dnf]: exited(100, updates),
    [`${dnf} --security`]: exited(100, '\nkernel.x86_64    6.11.4-301.fc41    updates\n'),
  };
  const value = valueOf(await read('fedora', { commands }), pendingUpdates);
  assert.deepEqual([value.count, value.securityCount, value.source], [2, 1, 'dnf']);
});

test('dnf: nothing to do, and a cache that this user does not have', async () => {
  const value = valueOf(await read('fedora', { commands: { [dnf]: '' } }), pendingUpdates);
  assert.deepEqual([value.count, value.securityCount], [0, 0]);
  const noCache = exited(1, '', 'Error: Cache-only enabled but no cache for repository "updates"');
  assert.equal(
    reasonOf(
      await read('rocky', {
        files: { '/etc/os-release': 'ID=rocky\nID_LIKE="rhel centos fedora"\n' },
        commands: { [dnf]: noCache },
      }),
    ),
    'no-data',
  );
});

const pacmanUpdates = 'linux 6.11.5-1 -> 6.11.6-1\nvim 9.1-1 -> 9.2-1\n';

test('pacman: checkupdates is asked first, and tells the day only', async () => {
  const machine = (now: number) => read('arch', { now, commands: { '/usr/bin/checkupdates': pacmanUpdates } });
  const value = valueOf(await machine(Date.UTC(2026, 10, 21, 9, 30, 1)), pendingUpdates);
  assert.equal(value.count, 2);
  assert.deepEqual(valueOf(await machine(Date.UTC(2026, 10, 21, 9, 30, 9)), pendingUpdates), value);
  const none = await read('arch', { commands: { '/usr/bin/checkupdates': exited(2) } });
  assert.equal(valueOf(none, pendingUpdates).count, 0);
});

test('pacman: without checkupdates its own list counts, with its age', async () => {
  const path = '/var/lib/pacman/sync/core.db';
  const finding = await read('arch', {
    files: { [path]: '' },
    modified: { [path]: Date.UTC(2026, 8, 1) },
    commands: { '/usr/bin/pacman -Qu': exited(1) },
  });
  const value = valueOf(finding, pendingUpdates);
  assert.deepEqual([value.count, value.listRefreshedAt], [0, '2026-09-01T00:00:00.000Z']);
  const broken = await read('arch', {
    commands: { '/usr/bin/pacman -Qu': exited(1, '', 'error: failed to initialize alpm library') },
  });
  assert.equal(reasonOf(broken), 'output-unreadable');
});

test('apt: what is like Ubuntu has its phased updates too', async () => {
  const commands = { [aptList]: answer, [`${aptList} ?not(?phasing)`]: 'Listing...\n' };
  const files = { '/etc/os-release': 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' };
  const finding = await read('linuxmint', { files, dirs: sources('noble-security'), commands });
  assert.equal(valueOf(finding, pendingUpdates).count, 0);
});

test('apt: a list that is cut off is unknown, and not a shorter one', async () => {
  const line = answer.indexOf('openssl') + 20;
  assert.equal(isWholeList(answer), true);
  for (const text of [answer.slice(0, line), `${answer.slice(0, line)}\n`, answer.trimEnd()]) {
    const finding = await read('debian', { dirs: sources('bookworm'), commands: { [aptList]: text } });
    assert.equal(reasonOf(finding), 'output-unreadable');
  }
});

test('dnf and pacman: a list that is cut off is unknown', async () => {
  const half = await read('fedora', { commands: { [dnf]: exited(100, updates.slice(0, 70)) } });
  assert.equal(reasonOf(half), 'output-unreadable');
  const commands = {
    '/usr/bin/checkupdates': pacmanUpdates.slice(0, 30),
    '/usr/bin/pacman -Qu': 'linux 6.11.5-1 -> 6',
  };
  assert.equal(reasonOf(await read('arch', { commands })), 'output-unreadable');
});

test('pacman: what is no list of updates is not an empty one', async () => {
  const failed = { '/usr/bin/checkupdates': exited(2, '', 'error: Operation not permitted\n') };
  assert.equal(reasonOf(await read('arch', { commands: failed })), 'tool-absent');
  for (const text of [
    'Usage: checkupdates [options]\n',
    '\ufefflinux 6.11.5-1 -> 6.11.6-1\n',
    '==> ERROR: no\n',
    ' \n',
    '',
  ]) {
    const commands = { '/usr/bin/checkupdates': text, '/usr/bin/pacman -Qu': text };
    assert.equal(reasonOf(await read('arch', { commands })), 'output-unreadable', JSON.stringify(text));
  }
});

test('dnf: a name that is too long for its column still counts, and a row of another form is unknown', async () => {
  const wrapped =
    '\nkernel.x86_64    6.11.4-301.fc41    updates\na-very-long-name-of-a-package.noarch\n                 2:9.1.8-1.fc41   updates\n';
  assert.equal(parseCheckUpdate(wrapped), 2);
  assert.equal(parseCheckUpdate('\nSecurity: kernel-core-5.14 is an installed security update\n\n'), 0);
  for (const text of [
    updates.replace('x86_64', 'x\ufffd'),
    updates.replace('.noarch', ''),
    updates.replace('    updates', ' \u0001   updates'),
    updates.replace('kernel', 'kern      el'),
  ]) {
    const finding = await read('fedora', { commands: { [dnf]: exited(100, text) } });
    assert.equal(reasonOf(finding), 'output-unreadable');
  }
  assert.equal(reasonOf(await read('fedora', { commands: { [dnf]: exited(0, '<html>') } })), 'no-data');
});

test('snapd and flatpak are not asked, so that nothing waits for one that is switched off', async () => {
  const files = { '/etc/os-release': 'ID=ubuntu\n', '/usr/bin/snap': '', '/usr/bin/flatpak': '' };
  const commands = { [`${aptList} ?not(?phasing)`]: 'Listing...\n' };
  const system = recordedSystem({ platform: 'linux', files, dirs: sources('noble-security'), commands });
  assert.equal(valueOf(await readLinux(system), pendingUpdates).count, 0);
  assert.deepEqual(system.ran, [`${aptList} ?not(?phasing)`]);
});

const zypper = '/usr/bin/zypper --non-interactive --no-refresh --xmlout list-updates -t package -t patch';
const zypperAnswer = `<?xml version='1.0'?>
<stream>
<update-status version="0.6">
<update-list>
<update name="curl" edition="8.6.0-2.1" arch="x86_64" kind="package" edition-old="8.6.0-1.1"><summary>x</summary></update>
<update name="vim" kind="package" edition="9.1"><summary>y</summary></update>
<update name="openSUSE-2026-1" edition="1" kind="patch" category="security" severity="important"></update>
<update name="openSUSE-2026-2" edition="1" kind="patch" category="recommended"></update>
</update-list>
</update-status>
</stream>
`;

test('zypper: packages, patches for security, a restart and the age of its lists', async () => {
  const machine = {
    dirs: { '/var/cache/zypp/raw': ['repo-oss', 'repo-update'] },
    modified: { '/var/cache/zypp/raw/repo-update': Date.UTC(2026, 10, 20) },
    commands: { [zypper]: zypperAnswer },
  };
  const suse = { '/etc/os-release': 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n' };
  const value = valueOf(await read('', { ...machine, files: suse }), pendingUpdates);
  assert.deepEqual(value, {
    count: 2,
    securityCount: 1,
    restartRequired: false,
    listRefreshedAt: '2026-11-20T00:00:00.000Z',
    source: 'zypper',
  });
  const restart = await read('', { ...machine, files: { ...suse, '/run/reboot-needed': '' } });
  assert.equal(valueOf(restart, pendingUpdates).restartRequired, true);
  assert.equal(reasonOf(await read('', { files: suse, commands: machine.commands })), 'no-data');
  for (const broken of [
    zypperAnswer.slice(0, 300),
    '',
    exited(6, zypperAnswer),
    zypperAnswer.replace('kind="patch"', 'kind="pat\ufffdh"'),
    zypperAnswer.replace('"security"', '"Security"'),
    zypperAnswer.replace('<update name="vim"', '<updat\ufffd name="vim"'),
    zypperAnswer.replace(
      'edition="1" kind="patch" category="security"',
      'edition="1" <kind="patch" category="security"',
    ),
  ]) {
    const finding = await read('', { ...machine, files: suse, commands: { [zypper]: broken } });
    assert.equal(reasonOf(finding), 'output-unreadable');
  }
});

test('an image-based system and another package manager are unknown', async () => {
  assert.equal(
    reasonOf(await read('fedora', { files: { '/run/ostree-booted': '' }, commands: { [dnf]: '' } })),
    'tool-absent',
  );
  assert.equal(reasonOf(await read('nixos')), 'tool-absent');
});

test('any text is counted without an error, and security updates are never more than all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { count, securityCount } = parseUpgradable(`${text}\n${answer}`);
      assert.ok(securityCount <= count && count >= 2);
      assert.ok((parseCheckUpdate(text) ?? 0) >= 0);
      assert.equal(parseUpdates(text), undefined);
    }),
  );
});
