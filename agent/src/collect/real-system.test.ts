import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { catalogue } from '@postern/shared/checks/catalogue';
import { processes } from '@postern/shared/checks/processes';
import { readingSchema, type Readings } from '@postern/shared/protocol/reading';
import { collect } from './collect.ts';
import { collectors } from './collectors.ts';
import { platformOf, realSystem } from './real-system.ts';

const unix = { skip: process.platform === 'win32' };
const system = realSystem();
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-real-'));
  // What is in a private folder is not hashed.
  await chmod(folder, 0o755);
});
after(() => rm(folder, { recursive: true }));

const sh = (script: string, options = {}) => system.run('/bin/sh', ['-c', script], options);
/** A process that is dead and that nobody asked about yet counts as dead. */
const isAlive = async (pid: number) => {
  const status = await system.readFile(`/proc/${pid}/stat`);
  if (status.outcome === 'read') return !/\) Z /.test(status.text);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('this machine, read twice: every reading parses, and only the time differs', async () => {
  const all = collectors({ clockOffsetMs: () => 0 });
  const first = await collect(system, all);
  await pause(2_000);
  const second = await collect(system, all);
  assert.deepEqual(
    Object.keys(first),
    catalogue.map(({ id }) => id),
  );
  for (const reading of Object.values(first)) readingSchema.parse(reading);
  const timeless = (readings: Readings) =>
    JSON.stringify(readings, (key, value) => (key === 'collectedAt' ? '' : (value as unknown)), 2);
  assert.equal(timeless(first), timeless(second));
});

test('a command ends with its code and its output', unix, async () => {
  assert.deepEqual(await sh('echo out; echo err >&2; exit 3'), {
    outcome: 'exited',
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  assert.deepEqual(await sh('kill -TERM $$'), { outcome: 'exited', code: 143, stdout: '', stderr: '' });
});

test('a program without an absolute path is refused before anything starts', async () => {
  await assert.rejects(system.run('sh', ['-c', 'true']), TypeError);
  await assert.rejects(system.run('./sh', []), TypeError);
  await assert.rejects(system.run('', []), TypeError);
});

test('arguments are never read by a shell', unix, async () => {
  const result = await system.run('/bin/echo', ['$HOME; true', '`id`']);
  assert.equal(result.outcome === 'exited' && result.stdout, '$HOME; true `id`\n');
});

test('a program that is not there is absent, and one that may not be run is refused', unix, async () => {
  assert.deepEqual(await system.run(join(folder, 'nothing'), []), { outcome: 'absent' });
  const file = join(folder, 'not-executable');
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, 0o600);
  assert.deepEqual(await system.run(file, []), { outcome: 'refused' });
});

test('at the deadline the command dies with all that it started', unix, async () => {
  const file = join(folder, 'pid');
  assert.deepEqual(await sh(`sleep 600 & echo $! > '${file}'; wait`, { deadlineMs: 300 }), { outcome: 'timed-out' });
  const pid = Number(await readFile(file, 'utf8'));
  for (let tries = 0; (await isAlive(pid)) && tries < 100; tries++) await pause(20);
  assert.equal(await isAlive(pid), false);
});

test('a command that leaves somebody behind with its output is answered all the same', unix, async () => {
  const result = await sh('echo done; sleep 600 &', { deadlineMs: 30_000 });
  assert.equal(result.outcome === 'exited' && result.stdout, 'done\n');
});

test('more output than is wanted is too much, on either stream', unix, async () => {
  for (const stream of ['', ' >&2']) {
    assert.deepEqual(await sh(`yes${stream}`, { maxBytes: 10_000 }), { outcome: 'too-much-output' });
  }
  const fits = await sh('head -c 10000 /dev/zero', { maxBytes: 10_000 });
  assert.equal(fits.outcome, 'exited');
});

test(
  'the environment is small, in English, and holds nothing that loads code; standard input is empty',
  unix,
  async () => {
    process.env['POSTERN_SECRET'] = 'x';
    process.env['LD_PRELOAD_TEST'] = 'x';
    const result = await sh('env; cat; ulimit -n >/dev/null');
    delete process.env['POSTERN_SECRET'];
    delete process.env['LD_PRELOAD_TEST'];
    const names = result.outcome === 'exited' ? result.stdout.split('\n').map((line) => line.split('=')[0] ?? '') : [];
    const allowed =
      /^(?:|HOME|PATH|PWD|OLDPWD|SHLVL|_|LC_ALL|LANG|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|WAYLAND_DISPLAY|DISPLAY)$/;
    assert.deepEqual(
      names.filter((name) => !allowed.test(name)),
      [],
    );
    assert.match(result.outcome === 'exited' ? result.stdout : '', /^LC_ALL=C$/m);
  },
);

test('files: read, absent, not a file, too large', unix, async () => {
  const file = join(folder, 'text');
  await writeFile(file, 'häh\n');
  assert.deepEqual(await system.readFile(file), { outcome: 'read', text: 'häh\n' });
  assert.deepEqual(await system.readFile(join(folder, 'nothing')), { outcome: 'absent' });
  assert.deepEqual(await system.readFile(join(file, 'below')), { outcome: 'absent' });
  assert.equal((await system.readFile(folder)).outcome, 'failed');
  await writeFile(file, Buffer.alloc(1024 * 1024, 'a'));
  assert.equal((await system.readFile(file)).outcome, 'read');
  assert.equal(await system.readBytes(file), undefined);
  await writeFile(file, Buffer.alloc(1024 * 1024 + 1, 'a'));
  assert.equal((await system.readFile(file)).outcome, 'failed');
});

test('files: a pipe or an endless device in place of a file does not hold anything up', unix, async () => {
  const pipe = join(folder, 'pipe');
  await system.run('/usr/bin/mkfifo', [pipe]);
  assert.equal((await system.readFile(pipe)).outcome, 'failed');
  assert.equal((await system.readFile('/dev/zero')).outcome, 'failed');
});

test(
  'files: refused to a user who may not read them',
  {
    skip:
      (process.platform === 'win32' || process.geteuid?.() === 0) &&
      'needs a user other than root, who may read everything',
  },
  async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'x');
    await chmod(file, 0);
    assert.deepEqual(await system.readFile(file), { outcome: 'refused' });
  },
);

test('folders, links, times and space', unix, async () => {
  const inner = join(folder, 'inner');
  await mkdir(inner);
  await writeFile(join(inner, 'b'), '');
  await writeFile(join(inner, 'a'), '12345');
  await symlink('a', join(inner, 'link'));
  assert.deepEqual(await system.list(inner), ['a', 'b', 'link']);
  assert.equal(await system.list(join(inner, 'a')), undefined);
  assert.equal(await system.realPath(join(inner, 'link')), join(inner, 'a'));
  assert.equal(await system.realPath(join(inner, 'nothing')), undefined);
  assert.deepEqual(await system.readBytes(join(inner, 'a')), Buffer.from('12345'));
  const modified = await system.modifiedAt(join(inner, 'a'));
  assert.ok(modified !== undefined && Number.isInteger(modified) && Math.abs(Date.now() - modified) < 60_000);
  const space = await system.diskSpace(inner);
  assert.ok(space !== undefined && space.sizeBytes > 0 && space.freeBytes <= space.sizeBytes);
  assert.equal(await system.diskSpace(join(inner, 'nothing')), undefined);
  assert.ok(system.uptimeSeconds() > 0);
});

test('a command reads what it is given, and one that does not read it ends all the same', unix, async () => {
  const heard = await system.run('/bin/cat', [], { input: '["a\\u00e4"]' });
  assert.equal(heard.outcome === 'exited' && heard.stdout, '["a\\u00e4"]');
  const deaf = await system.run('/bin/true', [], { input: 'x'.repeat(1024 * 1024) });
  assert.equal(deaf.outcome === 'exited' && deaf.code, 0);
});

test('a file that not everybody may read, or reach, is not hashed, even for root', unix, async () => {
  const inner = join(folder, 'rooms', 'inner');
  await mkdir(inner, { recursive: true });
  const path = join(inner, 'file');
  await writeFile(path, 'x');
  const isPrivate = async (asked: string) => (await system.digest(asked, 100)).outcome === 'refused';
  await chmod(inner, 0o755);
  await chmod(path, 0o644);
  assert.equal(await isPrivate(path), false);
  await symlink(path, join(folder, 'to-file'));
  assert.equal(await isPrivate(join(folder, 'to-file')), false);
  await chmod(path, 0o640);
  assert.equal(await isPrivate(join(folder, 'to-file')), true);
  await chmod(path, 0o644);
  await chmod(join(folder, 'rooms'), 0o750);
  assert.equal(await isPrivate(path), true);
  assert.equal(await isPrivate(join(folder, 'to-file')), true);
});

test('a command that nobody waits for any more dies with all that it started', unix, async () => {
  const over = new AbortController();
  const begun = performance.now();
  const running = system.run('/bin/sh', ['-c', 'sleep 30 & sleep 30'], { deadlineMs: 20_000, signal: over.signal });
  setTimeout(() => over.abort(), 50);
  assert.deepEqual(await running, { outcome: 'timed-out' });
  assert.ok(performance.now() - begun < 5_000);
  assert.deepEqual(await system.run('/bin/true', [], { signal: over.signal }), { outcome: 'timed-out' });
});

test('a file is hashed whole, up to a limit, and only a regular one is ever opened', unix, async () => {
  const file = join(folder, 'program');
  const content = Buffer.alloc(1_300_000, 'x');
  await writeFile(file, content);
  const digest = await system.digest(file, 2_000_000);
  const entry = await system.inspect(file);
  assert.ok(digest.outcome === 'read' && entry.outcome === 'found');
  assert.equal(digest.sha256, createHash('sha256').update(content).digest('hex'));
  assert.equal(digest.version, entry.version);
  assert.deepEqual([entry.kind, entry.sizeBytes], ['file', content.length]);
  assert.deepEqual(await system.digest(file, content.length - 1), { outcome: 'too-large' });
  assert.deepEqual(await system.digest(folder, 100), { outcome: 'not-a-file' });
  assert.deepEqual(await system.digest('/dev/zero', 100), { outcome: 'not-a-file' });
  assert.deepEqual(await system.digest(join(folder, 'nothing'), 100), { outcome: 'absent' });
  const pipe = join(folder, 'pipe');
  await sh(`mkfifo '${pipe}'`);
  assert.deepEqual(await system.digest(pipe, 100), { outcome: 'not-a-file' });
  assert.equal((await system.inspect(pipe)).outcome, 'found');
});

test(
  'a file that states no size is still read no further than the limit',
  { skip: process.platform !== 'linux' },
  async () => {
    assert.deepEqual(await system.digest('/proc/self/maps', 100), { outcome: 'too-large' });
  },
);

test(
  'a changed file has another version, also when its time is set back or it is replaced by its like',
  unix,
  async () => {
    const file = join(folder, 'versioned');
    const version = async () => {
      const entry = await system.inspect(file);
      return entry.outcome === 'found' ? entry.version : undefined;
    };
    await writeFile(file, 'one');
    await utimes(file, 1, 1);
    const first = await version();
    await writeFile(file, 'two');
    await utimes(file, 1, 1);
    const second = await version();
    assert.notEqual(second, first);
    await writeFile(`${file}.new`, 'two');
    await utimes(`${file}.new`, 1, 1);
    await rename(`${file}.new`, file);
    assert.notEqual(await version(), second);
    await appendFile(file, '!');
    assert.notEqual(await version(), second);
  },
);

test('a link is told as it stands', unix, async () => {
  await symlink('no/where', join(folder, 'dangling'));
  assert.deepEqual(await system.readLink(join(folder, 'dangling')), { outcome: 'read', target: 'no/where' });
  assert.deepEqual(await system.readLink(join(folder, 'nothing')), { outcome: 'absent' });
});

test(
  'this very program runs, and one that nobody started does not',
  { skip: process.platform !== 'linux' },
  async () => {
    const targets = { processes: [process.execPath, join(folder, 'never-started')] };
    const all = collectors({ clockOffsetMs: () => 0 });
    const reading = (await collect(system, all, { only: ['processes'], targets }))['processes'];
    assert.ok(reading?.status === 'ok');
    const { processes: read } = processes.value.parse(reading.value);
    assert.equal(read[0]?.running, true);
    assert.notEqual(read[1]?.running, true);
  },
);

test('a system that Postern does not know is not taken for another', () => {
  assert.equal(platformOf('darwin'), 'macos');
  assert.throws(() => platformOf('freebsd'), /freebsd/);
});
