import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsers } from '@postern/shared/checks/browsers';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { newestRelease } from './flatpak.ts';
import { packageNames, upstreamVersion } from './known.ts';
import { readLinux } from './linux.ts';

const read = (recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(recordedSystem({ platform: 'linux', ...recording }));
const valueFor = async (recording: Omit<Recording, 'platform'>) => valueOf(await read(recording), browsers).browsers;

const dpkg = (rows: [status: string, name: string, version: string][], answer?: Recording['commands']) => {
  const names = packageNames.filter((name) => rows.some((row) => row[1] === name));
  const format = '${db:Status-Status}\\t${Package}\\t${Version}\\n';
  return {
    files: Object.fromEntries(names.map((name) => [`/var/lib/dpkg/info/${name}.list`, ''])),
    commands: answer ?? {
      [`/usr/bin/dpkg-query -W -f ${format} -- ${names.join(' ')}`]: rows.map((row) => `${row.join('\t')}\n`).join(''),
    },
  };
};

test('dpkg: each browser with the version that its maker gave it', async () => {
  const machine = dpkg([
    ['installed', 'google-chrome-stable', '131.0.6778.85-1'],
    ['installed', 'firefox-esr', '128.5.0esr-1~deb12u1'],
    ['installed', 'firefox', '1:131.0+build1.1-0ubuntu0.22.04.1~mt1'],
    ['installed', 'microsoft-edge-stable', '131.0.2903.63-1'],
  ]);
  assert.deepEqual(await valueFor(machine), [
    { name: 'chrome', version: '131.0.6778.85', source: 'dpkg' },
    { name: 'edge', version: '131.0.2903.63', source: 'dpkg' },
    { name: 'firefox', version: '128.5.0esr', source: 'dpkg' },
    { name: 'firefox', version: '131.0', source: 'dpkg' },
  ]);
});

test('dpkg: a package that was removed and left its settings is no browser', async () => {
  assert.deepEqual(await valueFor(dpkg([['config-files', 'firefox-esr', '115.0esr-1']])), []);
});

test('dpkg: Ubuntu’s package that leads to the snap is not version 1 of Firefox', async () => {
  const machine = dpkg([
    ['installed', 'firefox', '1:1snap1-0ubuntu5'],
    ['installed', 'chromium-browser', '2:1snap1-0ubuntu2'],
  ]);
  const snap = '/snap/firefox/current/meta/snap.yaml';
  const files = { ...machine.files, [snap]: 'name: firefox\nversion: 131.0-2\nsummary: x\n' };
  assert.deepEqual(await valueFor({ ...machine, files }), [{ name: 'firefox', version: '131.0', source: 'snap' }]);
});

test('dpkg: no browser at all starts no program', async () => {
  const system = recordedSystem({ platform: 'linux', dirs: { '/var/lib/dpkg/info': ['bash.list'] } });
  assert.deepEqual(valueOf(await readLinux(system), browsers).browsers, []);
  assert.deepEqual(system.ran, []);
});

test('dpkg: silence, an error and half a line are unknown, not no browser', async () => {
  const rows: [string, string, string][] = [['installed', 'firefox', '131.0']];
  const key = Object.keys(dpkg(rows).commands)[0] ?? '';
  for (const [result, reason] of [
    [undefined, 'tool-absent'],
    [refused, 'permission-denied'],
    [exited(2, '', 'dpkg-query: error'), 'output-unreadable'],
    ['', 'output-unreadable'],
    ['installed\tfirefox\t13', 'output-unreadable'],
    ['installed\tfirefox\n', 'output-unreadable'],
    ['\ufeffinstalled\tfirefox\t131.0\n', 'output-unreadable'],
    ['installed\tfirefo\t131.0\n', 'output-unreadable'],
    ['installed\tfirefox\tNaN.0\n', 'output-unreadable'],
  ] as const) {
    assert.equal(reasonOf(await read(dpkg(rows, result === undefined ? {} : { [key]: result }))), reason);
  }
});

const rpmCommand = `/usr/bin/rpm -q --qf %{NAME}\\t%{VERSION}\\n -- ${packageNames.join(' ')}`;
const rpm = (installed: Record<string, string>, code = 18) => {
  const lines = packageNames.map((name) =>
    installed[name] === undefined ? `package ${name} is not installed` : `${name}\t${installed[name]}`,
  );
  return {
    dirs: { '/usr/lib/sysimage/rpm': ['rpmdb.sqlite'] },
    commands: { [rpmCommand]: exited(code, `${lines.join('\n')}\n`) },
  };
};

test('dpkg: a list that lacks one that was asked for is unknown, unless dpkg says that it does not know that one', async () => {
  const rows: [string, string, string][] = [
    ['installed', 'google-chrome-stable', '131.0.6778.85-1'],
    ['installed', 'firefox-esr', '128.5.0esr-1~deb12u1'],
  ];
  const key = Object.keys(dpkg(rows).commands)[0] ?? '';
  const first = `${rows[0]?.join('\t')}\n`;
  assert.equal(reasonOf(await read(dpkg(rows, { [key]: first }))), 'output-unreadable');
  const half = exited(1, first, 'dpkg-query: no packages found matching firefox-esr\n');
  assert.equal((await valueFor(dpkg(rows, { [key]: half }))).length, 1);
  for (const answer of [exited(0, first, 'firefox-esr\n'), exited(1, first, 'firefox-esr\n')]) {
    assert.equal(reasonOf(await read(dpkg(rows, { [key]: answer }))), 'output-unreadable');
  }
});

test('rpm: Fedora and openSUSE, whose exit code counts what is absent', async () => {
  const machine = rpm({ firefox: '131.0', MozillaFirefox: '128.5.0', chromium: '131.0.6778.85' });
  assert.deepEqual(
    (await valueFor(machine)).map(({ name, version, source }) => `${name} ${version} ${source}`),
    ['chromium 131.0.6778.85 rpm', 'firefox 128.5.0 rpm', 'firefox 131.0 rpm'],
  );
});

test('rpm: as a mere tool on another system it is not asked, and cut off it is unknown', async () => {
  assert.deepEqual(await valueFor({ dirs: { '/var/lib/rpm': ['.rpm.lock'], '/var/lib/pacman/local': [] } }), []);
  const { dirs } = rpm({});
  const spoilt = rpm({ firefox: 'NaN' }).commands[rpmCommand] ?? '';
  for (const answer of [exited(1, '', 'error: db5 error'), 'package firefox is not installed\n', spoilt]) {
    assert.equal(reasonOf(await read({ dirs, commands: { [rpmCommand]: answer } })), 'output-unreadable');
  }
});

test('pacman: by its folders', async () => {
  const dirs = {
    '/var/lib/pacman/local': ['ALPM_DB_VERSION', 'firefox-131.0-1', 'firefox-i18n-de-131.0-1', 'brave-bin-1:1.73.91-1'],
  };
  assert.deepEqual(await valueFor({ dirs }), [
    { name: 'brave', version: '1.73.91', source: 'pacman' },
    { name: 'firefox', version: '131.0', source: 'pacman' },
  ]);
});

test('snap: from the mounted snap, without snapd, on systems with and without /snap', async () => {
  for (const root of ['/snap', '/var/lib/snapd/snap']) {
    const files = { [`${root}/chromium/current/meta/snap.yaml`]: "name: chromium\nversion: '131.0.6778.85'\n" };
    const system = recordedSystem({ platform: 'linux', files });
    assert.deepEqual(valueOf(await readLinux(system), browsers).browsers, [
      { name: 'chromium', version: '131.0.6778.85', source: 'snap' },
    ]);
    assert.deepEqual(system.ran, []);
  }
});

test('snap: a folder that a removed one left behind is no browser; one without a version is unknown', async () => {
  assert.deepEqual(await valueFor({ dirs: { '/snap/firefox': [], '/snap/core22': ['current'] } }), []);
  const files = { '/snap/firefox/current/meta/snap.yaml': 'name: firefox\n' };
  assert.equal(reasonOf(await read({ files })), 'output-unreadable');
});

const appstream =
  '<component>\n<!-- <release version="1.0"/> -->\n<releases>\n<release date="2026-11-01" version="131.0"/><release version="130.0"/></releases></component>';

test('flatpak: installed for all or for one person, by its newest release', async () => {
  const file = 'org.mozilla.firefox/current/active/files/share/metainfo/org.mozilla.firefox.metainfo.xml';
  for (const root of ['/var/lib/flatpak/app', '/home/ada/.local/share/flatpak/app']) {
    assert.deepEqual(await valueFor({ files: { [`${root}/${file}`]: appstream } }), [
      { name: 'firefox', version: '131.0', source: 'flatpak' },
    ]);
  }
  const dirs = { '/var/lib/flatpak/app/com.google.Chrome/current/active': ['files'] };
  assert.equal(reasonOf(await read({ dirs })), 'no-data');
});

test('a system without any of these ways is unknown, not free of browsers', async () => {
  assert.equal(reasonOf(await read()), 'tool-absent');
});

test('versions: what packages add is taken off, and what is no version is none', () => {
  assert.equal(upstreamVersion('2:131.0.6778.85-1~deb12u1'), '131.0.6778.85');
  assert.equal(upstreamVersion('nightly'), undefined);
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const version = newestRelease(text);
      assert.ok(version === undefined || /^\d/.test(version));
      assert.equal(newestRelease(`${text.replaceAll('<', '')}${appstream}`), '131.0');
    }),
  );
});
