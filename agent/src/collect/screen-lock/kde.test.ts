import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenLock } from '@postern/shared/checks/screen-lock';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const own = '/home/ada/.config/kscreenlockerrc';
const read = (files: Recording['files'] = {}, env: Record<string, string> = {}) =>
  readLinux(recordedSystem({ platform: 'linux', files, env: { XDG_CURRENT_DESKTOP: 'KDE', ...env } }));
const daemon = async (...lines: string[]) =>
  valueOf(await read({ [own]: ['[Daemon]', ...lines, ''].join('\n') }), screenLock);
const locked = (delaySeconds: number) => ({ enabled: true, delaySeconds, desktop: 'kde' });
const open = { enabled: false, delaySeconds: null, desktop: 'kde' };

test('KDE locks by default: five minutes, and five seconds of grace', async () => {
  assert.deepEqual(valueOf(await read(), screenLock), locked(305));
  assert.deepEqual(await daemon(), locked(305));
});

test('Timeout is in minutes, LockGrace in seconds', async () => {
  assert.deepEqual(await daemon('Timeout=10', 'LockGrace=0'), locked(600));
  assert.deepEqual(await daemon('Autolock=true', 'Timeout=1', 'LockGrace=30'), locked(90));
  assert.deepEqual(await daemon('Timeout=0.5', 'LockGrace=0'), locked(30));
});

for (const setting of [
  'Autolock=false',
  'Autolock=0',
  'Autolock=Off',
  'Timeout=0',
  'Timeout=-1',
  'RequirePassword=false',
  'Lock=false',
]) {
  test(`off with ${setting}`, async () => assert.deepEqual(await daemon(setting), open));
}

test('a time that is no number is unknown, not the default', async () => {
  assert.equal(reasonOf(await read({ [own]: '[Daemon]\nTimeout=never\n' })), 'output-unreadable');
  assert.equal(reasonOf(await read({ [own]: '[Daemon]\nLockGrace=\n' })), 'output-unreadable');
});

test('a file that may not be read is unknown, not the default', async () => {
  assert.equal(reasonOf(await read({ [own]: refused })), 'permission-denied');
});

test('XDG_CONFIG_HOME moves the file; a relative one is ignored', async () => {
  const files = { '/data/config/kscreenlockerrc': '[Daemon]\nAutolock=false\n' };
  assert.deepEqual(valueOf(await read(files, { XDG_CONFIG_HOME: '/data/config/' }), screenLock), open);
  assert.deepEqual(valueOf(await read(files, { XDG_CONFIG_HOME: 'data/config' }), screenLock), locked(305));
});

test('the administrator’s files stand below the user’s, and above them where they say so', async () => {
  const user = { [own]: '[Daemon]\nTimeout=60\n' };
  const wish = { '/etc/xdg/kscreenlockerrc': '[Daemon]\nTimeout=3\nLockGrace=0\n' };
  const policy = { '/etc/xdg/kscreenlockerrc': '[Daemon][$i]\nTimeout=3\nLockGrace=0\n' };
  assert.deepEqual(valueOf(await read({ ...user, ...wish }), screenLock), locked(3600));
  assert.deepEqual(valueOf(await read({ ...user, ...policy }), screenLock), locked(180));
});

test('of several shared folders the first is the most important', async () => {
  const files = {
    '/a/kscreenlockerrc': '[Daemon]\nTimeout=1\n',
    '/b/kscreenlockerrc': '[Daemon]\nTimeout=2\nLockGrace=0\n',
  };
  assert.deepEqual(valueOf(await read(files, { XDG_CONFIG_DIRS: '/a:relative:/b' }), screenLock), locked(60));
});
