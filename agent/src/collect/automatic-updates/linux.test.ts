import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { isEver, parseConfiguration } from './apt.ts';
import { appliesUpdates } from './dnf.ts';
import { readLinux } from './linux.ts';

const read = (id: string, recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(
    recordedSystem({
      platform: 'linux',
      ...recording,
      files: { '/etc/os-release': `ID=${id}\n`, ...recording.files },
      dirs: { '/run/systemd/system': [], ...recording.dirs },
    }),
  );
const wants = '/etc/systemd/system/timers.target.wants';
const timers = { [wants]: ['apt-daily-upgrade.timer', 'apt-daily.timer', 'fstrim.timer'] };
const program = { '/usr/bin/unattended-upgrade': '', '/dev/null': '' };
const debian =
  'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";\n';
const dump = (lists: string, upgrade: string, more = '', origins = debian) =>
  `APT "";\nAPT::Architecture "amd64";\nAPT::Periodic "";\nAPT::Periodic::Update-Package-Lists "${lists}";\nAPT::Periodic::Unattended-Upgrade "${upgrade}";\n${more}Unattended-Upgrade::Origins-Pattern "";\n${origins}`;
const config = (text: string) => ({ '/usr/bin/apt-config dump': text });
const on = { enabled: true, mechanism: 'unattended-upgrades' };
const off = { enabled: false, mechanism: 'unattended-upgrades' };

test('apt: on when the program, its settings and its timers are there', async () => {
  for (const interval of ['1', '7', 'always', '12h']) {
    const finding = await read('ubuntu', { files: program, commands: config(dump('1', interval)), dirs: timers });
    assert.deepEqual(valueOf(finding, automaticUpdates), on);
  }
});

test('apt: off by its settings', async () => {
  for (const text of [
    dump('1', '0'),
    dump('0', '1'),
    dump('1', ''),
    dump('1', '1', 'APT::Periodic::Enable "0";\n'),
    dump('1', '1', 'APT::Periodic::Enable "00";\n'),
    dump('1', '1', 'APT::Periodic::Enable " 0 ";\n'),
    'APT "";\n',
  ]) {
    const finding = await read('debian', { files: program, commands: config(text), dirs: timers });
    assert.deepEqual(valueOf(finding, automaticUpdates), off);
  }
});

test('apt: off when it may install from nowhere, unknown when it is not seen whether from where security updates come', async () => {
  const machine = (origins: string) =>
    read('ubuntu', { files: program, commands: config(dump('1', '1', '', origins)), dirs: timers });
  const allowed = (origin: string) => `Unattended-Upgrade::Allowed-Origins:: "${origin}";\n`;
  assert.deepEqual(valueOf(await machine(''), automaticUpdates), off);
  assert.deepEqual(valueOf(await machine(allowed('${distro_id}:${distro_codename}-security')), automaticUpdates), on);
  assert.deepEqual(valueOf(await machine('Unattended-Upgrade::Origins-Pattern:: "origin=*";\n'), automaticUpdates), on);
  assert.equal(reasonOf(await machine(allowed('Example:stable'))), 'no-data');
});

test('apt: off when a timer is masked or not wanted, whatever the settings say', async () => {
  const machine = { files: program, commands: config(dump('1', '1')) };
  const masked = { ...machine, dirs: timers, links: { '/etc/systemd/system/apt-daily-upgrade.timer': '/dev/null' } };
  assert.deepEqual(valueOf(await read('debian', masked), automaticUpdates), off);
  const untilRestart = { ...machine, dirs: timers, links: { '/run/systemd/system/apt-daily.timer': '/dev/null' } };
  assert.deepEqual(valueOf(await read('debian', untilRestart), automaticUpdates), off);
  const unwanted = { ...machine, dirs: { [wants]: ['apt-daily.timer'] } };
  assert.deepEqual(valueOf(await read('debian', unwanted), automaticUpdates), off);
});

test('apt: settings without the program do nothing', async () => {
  const finding = await read('debian', { commands: config(dump('1', '1')), dirs: timers });
  assert.deepEqual(valueOf(finding, automaticUpdates), { enabled: false, mechanism: 'none' });
});

test('apt: settings that cannot be read are unknown', async () => {
  assert.equal(reasonOf(await read('debian', { files: program })), 'tool-absent');
  const broken = { '/usr/bin/apt-config dump': exited(100, '', 'E: Syntax error') };
  assert.equal(reasonOf(await read('debian', { files: program, commands: broken })), 'output-unreadable');
});

test('apt: a setting whose name was spoilt may be the one that switches everything off', async () => {
  const whole = dump('1', '1', 'APT::Periodic::Enable "0";\n');
  for (const instead of ['En\ufffdble', 'Enable\0', '\u202eEnable', 'En\u001b[31mable']) {
    const commands = config(whole.replace('Enable', instead));
    const finding = await read('debian', { files: program, commands, dirs: timers });
    assert.equal(reasonOf(finding), 'output-unreadable', JSON.stringify(instead));
  }
});

test('apt: timers that no systemd runs are unknown, not on', async () => {
  const machine = { platform: 'linux' as const, commands: config(dump('1', '1')), dirs: timers };
  const finding = await readLinux(
    recordedSystem({ ...machine, files: { ...program, '/etc/os-release': 'ID=debian\n' } }),
  );
  assert.equal(reasonOf(finding), 'no-data');
});

test('dnf: a timer that installs, one that is told to, and one that is not', async () => {
  const machine = async (timer: string, text?: string | typeof refused) =>
    read('fedora', {
      dirs: { [wants]: [timer] },
      ...(text === undefined ? {} : { files: { '/etc/dnf/automatic.conf': text } }),
    });
  const value = async (...args: Parameters<typeof machine>) => valueOf(await machine(...args), automaticUpdates);
  assert.deepEqual(await value('dnf-automatic-install.timer'), { enabled: true, mechanism: 'dnf-automatic' });
  assert.equal((await value('dnf-automatic.timer', '[commands]\napply_updates = yes\n')).enabled, true);
  assert.equal((await value('dnf5-automatic.timer', '[commands]\napply_updates = no\n')).enabled, false);
  assert.equal((await value('dnf-automatic.timer')).enabled, false);
  assert.deepEqual(await value('fstrim.timer'), { enabled: false, mechanism: 'none' });
  assert.equal(reasonOf(await machine('dnf-automatic.timer', refused)), 'permission-denied');
});

test('SUSE: a timer that updates is on, and without one nobody can tell', async () => {
  const files = { '/etc/os-release': 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n' };
  const on = await read('', { files, dirs: { [wants]: ['transactional-update.timer'] } });
  assert.deepEqual(valueOf(on, automaticUpdates), { enabled: true, mechanism: 'transactional-update' });
  assert.equal(reasonOf(await read('', { files })), 'no-data');
});

test('apt: that 50unattended-upgrades is there switches nothing on', async () => {
  const files = { ...program, '/etc/apt/apt.conf.d/50unattended-upgrades': debian };
  const finding = await read('ubuntu', { files, commands: config(`APT "";\n${debian}`), dirs: timers });
  assert.deepEqual(valueOf(finding, automaticUpdates), off);
});

test('Arch, images and other systems are unknown, not off', async () => {
  assert.equal(reasonOf(await read('arch')), 'no-data');
  assert.equal(reasonOf(await read('fedora', { files: { '/run/ostree-booted': '' } })), 'tool-absent');
  assert.equal(reasonOf(await read('void')), 'tool-absent');
});

test('apply_updates counts in its own group only, and the last one wins', () => {
  assert.equal(appliesUpdates('[emitters]\napply_updates=yes\n'), false);
  assert.equal(appliesUpdates('[commands]\n# apply_updates=yes\n'), false);
  assert.equal(appliesUpdates('[commands]\napply_updates=no\napply_updates: True\n'), true);
});

test('intervals: nothing, zero and nonsense are never', () => {
  for (const never of [undefined, '', '0', '00', 'never', '-1', '1w']) assert.equal(isEver(never), false);
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(parseConfiguration(`${text}\nAPT::Periodic::Enable "0";\n`).get('apt::periodic::enable'), '0');
      assert.equal(typeof appliesUpdates(text), 'boolean');
    }),
  );
});
