import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenLock } from '@postern/shared/checks/screen-lock';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const read = (desktop: string, recording: Omit<Recording, 'platform'> = {}) =>
  readLinux(recordedSystem({ platform: 'linux', ...recording, env: { XDG_CURRENT_DESKTOP: desktop } }));

const gsettings = (
  idle: string,
  lock: string,
  delay: string,
  more: Recording['commands'] = {},
  prefix = 'org.gnome.desktop',
) => ({
  [`/usr/bin/gsettings get ${prefix}.session idle-delay`]: `${idle}\n`,
  [`/usr/bin/gsettings get ${prefix}.screensaver lock-enabled`]: `${lock}\n`,
  [`/usr/bin/gsettings get ${prefix}.screensaver lock-delay`]: `${delay}\n`,
  [`/usr/bin/gsettings get ${prefix}.lockdown disable-lock-screen`]: exited(
    1,
    '',
    'No such key “disable-lock-screen”\n',
  ),
  ...more,
});

test('no desktop: a daemon of root or a shell without a session cannot tell', async () => {
  const finding = await readLinux(
    recordedSystem({ platform: 'linux', uid: 0, commands: gsettings('uint32 300', 'true', 'uint32 0') }),
  );
  assert.equal(reasonOf(finding), 'not-in-user-session');
  assert.equal(reasonOf(await read(':')), 'not-in-user-session');
});

test('root in somebody else’s session does not take its own settings for theirs', async () => {
  const commands = gsettings('uint32 300', 'true', 'uint32 0');
  const env = { XDG_CURRENT_DESKTOP: 'GNOME', SUDO_UID: '1000' };
  const finding = await readLinux(recordedSystem({ platform: 'linux', uid: 0, commands, env }));
  assert.equal(reasonOf(finding), 'not-in-user-session');
});

test('GNOME: the delays add up, by whatever name the desktop adds', async () => {
  for (const desktop of ['GNOME', 'ubuntu:GNOME', 'Unity:Unity7:ubuntu', 'gnome']) {
    const finding = await read(desktop, { commands: gsettings('uint32 300', 'true', 'uint32 30') });
    assert.deepEqual(valueOf(finding, screenLock), { enabled: true, delaySeconds: 330, desktop: 'gnome' });
  }
});

test('GNOME: off when it never goes idle, does not lock, or may not lock', async () => {
  const lockdown = '/usr/bin/gsettings get org.gnome.desktop.lockdown disable-lock-screen';
  for (const commands of [
    gsettings('uint32 0', 'true', 'uint32 0'),
    gsettings('uint32 300', 'false', 'uint32 0'),
    gsettings('uint32 300', 'true', 'uint32 0', { [lockdown]: 'true\n' }),
  ]) {
    const finding = await read('GNOME', { commands });
    assert.deepEqual(valueOf(finding, screenLock), { enabled: false, delaySeconds: null, desktop: 'gnome' });
  }
});

test('GNOME: a missing tool or schema is unknown, never off', async () => {
  assert.equal(reasonOf(await read('GNOME')), 'tool-absent');
  const key = '/usr/bin/gsettings get org.gnome.desktop.session idle-delay';
  const commands = gsettings('', 'true', 'uint32 0', { [key]: exited(1, '', 'No such schema') });
  assert.equal(reasonOf(await read('GNOME', { commands })), 'output-unreadable');
});

test('GNOME: an answer that is cut off, without its type, or with something beside it is not believed', async () => {
  const of = (idle: string, delay: string, lockdown: string | { outcome: 'timed-out' } = 'false\n') =>
    read('GNOME', {
      commands: gsettings('uint32 300', 'true', 'uint32 30', {
        '/usr/bin/gsettings get org.gnome.desktop.session idle-delay': idle,
        '/usr/bin/gsettings get org.gnome.desktop.screensaver lock-delay': delay,
        '/usr/bin/gsettings get org.gnome.desktop.lockdown disable-lock-screen': lockdown,
      }),
    });
  assert.equal(valueOf(await of('uint32 300\n', 'uint32 30\n'), screenLock).delaySeconds, 330);
  for (const text of ['uint32 3', '300\n', 'uint32 300\nW: 1\n', '1\n', '\ufeffuint32 300\n']) {
    assert.equal(reasonOf(await of(text, 'uint32 30\n')), 'output-unreadable', text);
    assert.equal(reasonOf(await of('uint32 300\n', text)), 'output-unreadable', text);
  }
  for (const lockdown of ['', 'tru', 'true\nW: 1\n', 'TRUE\n', { outcome: 'timed-out' } as const]) {
    assert.equal(reasonOf(await of('uint32 300\n', 'uint32 30\n', lockdown)), 'output-unreadable');
  }
});

test('Cinnamon has the same settings under its own name', async () => {
  const finding = await read('X-Cinnamon', {
    commands: gsettings('uint32 900', 'true', 'uint32 0', {}, 'org.cinnamon.desktop'),
  });
  assert.deepEqual(valueOf(finding, screenLock), { enabled: true, delaySeconds: 900, desktop: 'cinnamon' });
});

const xfconf = '/usr/bin/xfconf-query -c xfce4-screensaver -lv';
const screensaver = {
  '/usr/bin/xfce4-screensaver': '',
  '/proc/1/comm': 'systemd\n',
  '/proc/7/comm': 'xfce4-screensav\n',
};

test('Xfce: minutes, with its defaults for what was never changed', async () => {
  const value = async (answer: string | ReturnType<typeof exited>) =>
    valueOf(await read('XFCE', { files: screensaver, commands: { [xfconf]: answer } }), screenLock);
  const never = exited(1, '', 'Channel "xfce4-screensaver" does not exist.');
  assert.deepEqual(await value(never), { enabled: true, delaySeconds: 300, desktop: 'xfce' });
  const changed =
    '/saver/idle-activation/delay        10\n/lock/saver-activation/delay        1\n/lock/enabled  true\n';
  assert.deepEqual(await value(changed), { enabled: true, delaySeconds: 660, desktop: 'xfce' });
  assert.equal((await value('/saver/idle-activation/delay  0\n')).delaySeconds, 600);
  for (const off of [
    '/lock/enabled',
    '/saver/enabled',
    '/saver/idle-activation/enabled',
    '/lock/saver-activation/enabled',
  ]) {
    assert.equal((await value(`${off}   false\n`)).enabled, false);
  }
});

test('Xfce: nothing, half a line and what is no list of settings are unknown, not the defaults', async () => {
  for (const answer of [
    '',
    '/lock/enabled  false',
    '/saver/idle-acti',
    'Usage: xfconf-query\n',
    '\n',
    '/lock/enabled  fals\ufffd\n',
    '/saver/idle-activation/delay  1\u2028\n',
  ]) {
    const finding = await read('XFCE', { files: screensaver, commands: { [xfconf]: answer } });
    assert.equal(reasonOf(finding), 'output-unreadable', answer);
  }
});

test('Xfce: another locker, or no session, is unknown', async () => {
  assert.equal(reasonOf(await read('XFCE')), 'tool-absent');
  const idle = { ...screensaver, '/proc/7/comm': 'light-locker\n' };
  assert.equal(
    reasonOf(await read('XFCE', { files: idle, commands: { [xfconf]: '/lock/enabled  true\n' } })),
    'no-data',
  );
  const commands = { [xfconf]: exited(1, '', 'Failed to init libxfconf: Cannot autolaunch D-Bus') };
  assert.equal(reasonOf(await read('XFCE', { files: screensaver, commands })), 'not-in-user-session');
});

const swayidle = (...words: string[]) => ({
  '/proc/77/comm': 'swayidle\n',
  '/proc/77/cmdline': ['swayidle', ...words, ''].join('\0'),
});

test('sway: the shortest timeout that locks, however swayidle was started', async () => {
  const files = swayidle(
    '-w',
    'timeout',
    '240',
    'swaymsg "output * dpms off"',
    'timeout',
    '600',
    'swaylock -f',
    'timeout',
    '300',
    '/run/wrappers/bin/swaylock',
  );
  assert.deepEqual(valueOf(await read('sway', { files }), screenLock), {
    enabled: true,
    delaySeconds: 300,
    desktop: 'sway',
  });
});

test('sway: a swayidle under Nix, with its settings in a file', async () => {
  const config = "# timeout 60 'swaylock'\ntimeout 480 'swaylock -f -c 000000'\nbefore-sleep 'swaylock'\n";
  const files = {
    '/proc/9/comm': '.swayidle-wrapp\n',
    '/proc/9/cmdline': 'swayidle\0-C\0/etc/idle\0',
    '/etc/idle': config,
  };
  assert.equal(valueOf(await read('sway', { files }), screenLock).delaySeconds, 480);
});

test('sway: a swayidle that only turns the screen off does not lock; none at all tells nothing', async () => {
  const files = swayidle('timeout', '300', 'swaymsg "output * power off"');
  assert.deepEqual(valueOf(await read('sway', { files }), screenLock), {
    enabled: false,
    delaySeconds: null,
    desktop: 'sway',
  });
  assert.equal(reasonOf(await read('sway')), 'no-data');
  for (const command of ['/home/ada/bin/idle.sh', 'notify-send "unlock soon" && run-it', 'playerctl block; pause']) {
    assert.equal(reasonOf(await read('sway', { files: swayidle('timeout', '300', command) })), 'no-data', command);
  }
  const told = swayidle('timeout', '300', 'notify-send "clock"', 'timeout', '600', 'loginctl lock-session');
  assert.equal(valueOf(await read('sway', { files: told }), screenLock).delaySeconds, 600);
});

test('another desktop is unknown and named', async () => {
  const finding = await read('Hyprland');
  assert.equal(reasonOf(finding), 'no-data');
  assert.match(finding.status === 'unknown' ? finding.detail : '', /Hyprland/);
});
