import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from '@postern/shared/checks/sign-in';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { signsIn } from './getty.ts';
import { parseSessions } from './greetd.ts';
import { parseIni } from './ini.ts';
import { readLinux } from './linux.ts';

const accounts =
  'root:x:0:0::/root:/bin/sh\n_seat:x:105:65534::/:/bin/false\nada:x:1000:1000:Ada:/home/ada:/bin/bash\n';
const read = (recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(
    recordedSystem({ platform: 'linux', ...recording, files: { '/etc/passwd': accounts, ...recording.files } }),
  );
const valueFor = async (recording: Omit<Recording, 'platform'>) => valueOf(await read(recording), signIn);
const mechanismOf = async (files: Recording['files'], more: Omit<Recording, 'platform'> = {}) =>
  (await valueFor({ ...more, files: { ...more.files, ...files } })).mechanism;

test('nothing that signs anybody in by itself', async () => {
  assert.deepEqual(await valueFor({}), { automatic: false, passwordSet: null, mechanism: null });
});

test('GDM: automatic and timed, wherever the distribution keeps the file', async () => {
  for (const path of [
    '/etc/gdm3/custom.conf',
    '/etc/gdm3/daemon.conf',
    '/etc/gdm/custom.conf',
    '/run/gdm/custom.conf',
  ]) {
    const text = '[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = ada\n\n[security]\n';
    assert.deepEqual(await valueFor({ files: { [path]: text } }), {
      automatic: true,
      passwordSet: null,
      mechanism: 'gdm',
    });
  }
  const timed = '[daemon]\nTimedLoginEnable=True\nTimedLogin=ada\nTimedLoginDelay=10\n';
  assert.equal(await mechanismOf({ '/etc/gdm/custom.conf': timed }), 'gdm');
});

test('GDM: a commented line, a switch without a name, a name without a switch and another group sign nobody in', async () => {
  for (const text of [
    '[daemon]\n#  AutomaticLoginEnable = true\n#  AutomaticLogin = user1\n',
    '[daemon]\nAutomaticLoginEnable=true\n#AutomaticLogin=ada\n',
    '[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=\n',
    '[daemon]\nAutomaticLoginEnable=false\nAutomaticLogin=ada\n',
    '[security]\nAutomaticLoginEnable=true\nAutomaticLogin=ada\n',
    '[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=ada\nAutomaticLoginEnable=false\n',
  ]) {
    assert.equal(await mechanismOf({ '/etc/gdm3/custom.conf': text }), null, text);
  }
});

test('SDDM: a name signs in, and the file read last decides', async () => {
  const on = '[Autologin]\nRelogin=false\nSession=plasma\nUser=ada\n';
  const off = '[Autologin]\nSession=\nUser= # nobody\n';
  assert.equal(await mechanismOf({ '/etc/sddm.conf': on }), 'sddm');
  assert.equal(await mechanismOf({ '/etc/sddm.conf.d/kde_settings.conf': on }), 'sddm');
  assert.equal(
    await mechanismOf({ '/usr/lib/sddm/sddm.conf.d/a.conf': on, '/etc/sddm.conf.d/kde_settings.conf': off }),
    null,
  );
  assert.equal(await mechanismOf({ '/etc/sddm.conf.d/a.conf': on, '/etc/sddm.conf': off }), null);
  assert.equal(
    await mechanismOf({ '/etc/sddm.conf.d/a.conf': on, '/etc/sddm.conf.d/b.conf': '#[Autologin]\n#User=\n' }),
    'sddm',
  );
  assert.equal(await mechanismOf({ '/etc/sddm.conf.d/a.conf.bak': on }), null);
  assert.equal(await mechanismOf({ '/etc/plasmalogin.conf': on }), 'plasmalogin');
});

test('LightDM: a name or the guest, on any seat, by the file read last', async () => {
  const folder = '/etc/lightdm/lightdm.conf.d';
  assert.equal(await mechanismOf({ [`${folder}/50-auto.conf`]: '[Seat:*]\nautologin-user=ada\n' }), 'lightdm');
  assert.equal(await mechanismOf({ '/etc/lightdm/lightdm.conf': '[SeatDefaults]\nautologin-guest=true\n' }), 'lightdm');
  assert.equal(
    await mechanismOf({ '/etc/lightdm/lightdm.conf': '[Seat:seat0]\nautologin-user=ada\n[Seat:*]\n' }),
    'lightdm',
  );
  assert.equal(await mechanismOf({ '/etc/lightdm/lightdm.conf': '[Seat:*]\n#autologin-user=ada\n' }), null);
  const both = {
    [`${folder}/a.conf`]: '[Seat:*]\nautologin-user=ada\n',
    '/etc/lightdm/lightdm.conf': '[Seat:*]\nautologin-user=\n',
  };
  assert.equal(await mechanismOf(both), null);
  assert.equal(await mechanismOf({ '/etc/lxdm/lxdm.conf': '[base]\nautologin=ada\n' }), 'lxdm');
});

test('greetd: the greeter is no automatic sign-in, whatever it is called; an initial session is one', async () => {
  const path = '/etc/greetd/config.toml';
  const greeter = (user: string, command: string) =>
    `[terminal]\nvt = 1\n\n[default_session]\ncommand = "${command}"\nuser = "${user}"\n`;
  for (const [user, command] of [
    ['greeter', 'agreety --cmd /bin/sh'],
    ['_greetd', 'tuigreet --cmd sway'],
    ['cosmic-greeter', 'cosmic-greeter-start'],
    ['_seat', 'a-greeter-that-no-list-knows'],
  ] as const) {
    assert.equal(await mechanismOf({ [path]: greeter(user, command) }), null, user);
  }
  const initial = '\n[initial_session]\ncommand = "sway"\nuser = "ada"\n';
  assert.equal(await mechanismOf({ [path]: greeter('greeter', 'agreety') + initial }), 'greetd');
  assert.equal(await mechanismOf({ [path]: greeter('greeter', 'agreety') + initial.replaceAll('\n', '\n# ') }), null);
  assert.equal(await mechanismOf({ [path]: 'initial_session = { command = "sway", user = "ada" }\n' }), 'greetd');
});

test('greetd: a default session that runs as a person asks nobody, and one of an unknown account is not ruled out', async () => {
  const as = (user: string) => ({
    '/etc/greetd/config.toml': `[default_session]\ncommand = "sway"\nuser = "${user}"\n`,
  });
  assert.equal(await mechanismOf(as('ada')), 'greetd');
  assert.equal(reasonOf(await read({ files: as('somebody') })), 'permission-denied');
});

test('greetd: the file that its service names counts', async () => {
  const files = {
    '/etc/systemd/system/greetd.service': '[Service]\nExecStart=/nix/store/x/bin/greetd --config /nix/store/y.toml\n',
    '/nix/store/y.toml': '[initial_session]\nuser = "ada"\ncommand = "sway"\n',
  };
  assert.equal(await mechanismOf(files), 'greetd');
});

const getty = '/etc/systemd/system/getty@tty1.service.d';
const override =
  "[Service]\nExecStart=\nExecStart=-/sbin/agetty -o '-p -f -- \\\\u' --noclear --autologin ada %I $TERM\n";

test('getty: an override for one console, for all, for a serial line, and a replaced unit', async () => {
  for (const path of [
    `${getty}/autologin.conf`,
    '/etc/systemd/system/getty@.service.d/a.conf',
    '/run/systemd/system/serial-getty@ttyS0.service.d/a.conf',
    '/usr/lib/systemd/system/console-getty.service.d/a.conf',
    '/etc/systemd/system/getty@tty1.service',
    '/etc/systemd/system/autovt@.service.d/a.conf',
  ]) {
    assert.deepEqual((await valueFor({ files: { [path]: override } })).mechanism, 'getty', path);
  }
});

test('getty: a comment, a command that is taken back and other files sign nobody in', async () => {
  for (const [path, text] of [
    [`${getty}/a.conf`, override.replaceAll('ExecStart=-', '#ExecStart=-')],
    [`${getty}/a.conf`, `${override}ExecStart=\nExecStart=-/sbin/agetty --noclear %I $TERM\n`],
    [`${getty}/a.conf.orig`, override],
    ['/etc/systemd/system/other.service.d/a.conf', override],
  ] as const) {
    assert.equal(await mechanismOf({ [path]: text }), null, text);
  }
});

test('getty: the options for login are not those for agetty', () => {
  assert.ok(signsIn('-/sbin/agetty -a ada - $TERM'));
  assert.ok(signsIn('/sbin/agetty -aada tty1'));
  assert.ok(signsIn('/sbin/mingetty --autologin=ada tty1'));
  assert.ok(!signsIn("-/sbin/agetty -o '-p -a ada -- \\\\u' --noclear - $TERM"));
  assert.ok(!signsIn('-/sbin/agetty --noclear %I $TERM'));
  assert.ok(!signsIn('/usr/bin/tar -a --autologin'));
});

test('getty: what it left behind, a stored credential, and inittab', async () => {
  assert.equal(await mechanismOf({ '/run/agetty.autologged': '' }), 'getty');
  assert.equal(await mechanismOf({ '/etc/credstore/agetty.autologin': refused }), 'getty');
  assert.equal(await mechanismOf({ '/etc/inittab': 'tty1::respawn:/sbin/agetty -a ada tty1 linux\n' }), 'getty');
  assert.equal(await mechanismOf({ '/etc/inittab': '#tty1::respawn:/sbin/agetty -a ada tty1 linux\n' }), null);
});

test('the settings that a sign-in screen left behind do not count where another one starts', async () => {
  const unit = '/usr/lib/systemd/system/gdm.service';
  const files = { '/etc/sddm.conf': '[Autologin]\nUser=ada\n', [unit]: '' };
  const links = { '/etc/systemd/system/display-manager.service': unit };
  assert.equal(await mechanismOf(files, { links }), null);
  assert.equal(await mechanismOf(files), 'sddm');
  const masked = { '/etc/systemd/system/display-manager.service': '/dev/null' };
  assert.equal(await mechanismOf({ ...files, '/dev/null': '' }, { links: masked }), 'sddm');
});

test('a sign-in screen that Postern does not know is unknown, and named', async () => {
  const unit = '/usr/lib/systemd/system/ly.service';
  const links = { '/etc/systemd/system/display-manager.service': unit };
  const finding = await read({ files: { [unit]: '' }, links });
  assert.equal(reasonOf(finding), 'no-data');
  assert.match(finding.status === 'unknown' ? finding.detail : '', /\bly\b/);
});

test('settings that may not be read are not ruled out, and do not hide what is seen elsewhere', async () => {
  const hidden = { '/etc/lightdm/lightdm.conf': refused };
  assert.equal(reasonOf(await read({ files: hidden })), 'permission-denied');
  assert.equal(await mechanismOf({ ...hidden, '/etc/sddm.conf': '[Autologin]\nUser=ada\n' }), 'sddm');
  assert.equal(reasonOf(await read({ files: { [`${getty}/a.conf`]: refused } })), 'permission-denied');
});

const passwd = (answer: string | ReturnType<typeof exited>) => ({ commands: { '/usr/bin/passwd -S': answer } });

test('password: as shadow and Red Hat write it; locked, refused and cut off are not told', async () => {
  for (const [answer, expected] of [
    ['ada P 2026-01-02 0 99999 7 -1\n', true],
    ['ada PS 2026-01-02 0 99999 7 -1 (Password set, SHA512 crypt.)\n', true],
    ['ada NP 2026-01-02 0 99999 7 -1\n', false],
    ['ada L 2026-01-02 0 99999 7 -1\n', null],
    ['ada LK 2026-01-02 0 99999 7 -1 (Password locked.)\n', null],
    ['ada P', null],
    ['', null],
    [exited(1, 'Only root can do that.\n'), null],
  ] as const) {
    assert.equal((await valueFor(passwd(answer))).passwordSet, expected, JSON.stringify(answer));
  }
});

test('password: root is nobody’s account, and is not asked about', async () => {
  const system = recordedSystem({
    platform: 'linux',
    uid: 0,
    files: { '/etc/passwd': accounts },
    ...passwd('root NP 2026-01-02\n'),
  });
  assert.equal(valueOf(await readLinux(system), signIn).passwordSet, null);
  assert.deepEqual(system.ran, []);
});

test('password: one that the sign-in screen does not ask for is none', async () => {
  const group = (members: string) => ({
    files: { '/etc/group': `nopasswdlogin:x:130:${members}\n` },
    ...passwd('ada P 2026-01-02\n'),
  });
  assert.equal((await valueFor(group('bob,ada'))).passwordSet, false);
  assert.equal((await valueFor(group('adam'))).passwordSet, true);
  const hidden = { files: { '/etc/group': refused }, ...passwd('ada P 2026-01-02\n') };
  assert.equal((await valueFor(hidden)).passwordSet, null, 'whether the group lets them in is not told');
  const nameless = { ...group('ada'), files: { ...group('ada').files, '/etc/passwd': refused } };
  assert.equal((await valueFor(nameless)).passwordSet, null);
});

test('no name is told', async () => {
  const finding = await read({
    files: { '/etc/sddm.conf': '[Autologin]\nUser=ada\n' },
    ...passwd('ada P 2026-01-02\n'),
  });
  assert.doesNotMatch(JSON.stringify(finding), /ada/);
});

test('a container has no sign-in of its own', async () => {
  const finding = await read({ files: { '/run/.containerenv': '' } });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});

test('any text is read without an error, and settings that follow it are seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.deepEqual(parseIni(`${text}\n[daemon]\nkey=value`).at(-1), {
        group: 'daemon',
        key: 'key',
        value: 'value',
      });
      assert.ok(parseSessions(`${text}\n[initial_session]\n`).has('initial_session'));
      assert.equal(typeof signsIn(text), 'boolean');
    }),
  );
});
