import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/data-folder.ts';
import { PrivateFileError } from './private-file-error.ts';
import { dangerAbove, privateFolder, removeTemporaries } from './private-folder.ts';

test('a folder is made with those above it, for its owner alone', async (t) => {
  const folder = join(await temporaryFolder(t), 'a', 'b', 'c');
  await privateFolder(folder);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  await privateFolder(folder);
});

test('a folder that others may write to is refused with what to do', async (t) => {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o775);
  await assert.rejects(
    privateFolder(folder),
    (error) => error instanceof PrivateFileError && /chmod 755/.test(error.message),
  );
});

test('where no folder can be made, that is said at once', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  const places = [join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/nope', '/proc/nope/deeper'] : [])];
  for (const place of places) {
    await assert.rejects(
      privateFolder(place),
      (error) =>
        error instanceof PrivateFileError && error.kind === 'unwritable' && /POSTERN_AGENT_DATA/.test(error.message),
    );
  }
  await assert.rejects(privateFolder(file), /is not a folder/);
});

test('a folder above that everybody may rename in is named', async (t) => {
  const above = join(await temporaryFolder(t), 'open');
  await mkdir(join(above, 'data'), { recursive: true });
  assert.equal(await dangerAbove(join(above, 'data')), undefined);
  await chmod(above, 0o777);
  assert.match((await dangerAbove(join(above, 'data'))) ?? '', /open, which everybody may write to/);
  await chmod(above, 0o1777);
  assert.equal(await dangerAbove(join(above, 'data')), undefined);
});

test('what a killed process was writing is removed, and nothing else', async (t) => {
  const folder = await temporaryFolder(t);
  const gone = spawn(process.execPath, ['--eval', '']);
  await once(gone, 'exit');
  const kept = ['device.key', `state.json.${process.pid}.0123abcd.tmp`, 'notes.tmp', 'a.1.tmp'];
  for (const name of [...kept, `device.key.${gone.pid}.0123abcd.tmp`]) await writeFile(join(folder, name), '');
  await removeTemporaries(folder);
  assert.deepEqual(await readdir(folder), kept.toSorted());
});
