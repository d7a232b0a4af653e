import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { temporaryFolder } from '../testing/data-folder.ts';
import { fileKeyProvider } from './file.ts';
import { KeyError, type KeyErrorCode, type KeyProvider } from './provider.ts';
import { chooseProvider, loadKey } from './select.ts';

const fails = (code: KeyErrorCode) => (error: unknown) => error instanceof KeyError && error.code === code;

test('a new key is for its owner alone, in a folder that is', async (t) => {
  const folder = join(await temporaryFolder(t), 'deep', 'agent');
  const ref = await fileKeyProvider(folder).create();
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, 'device.key'))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['device.key'], 'no temporary file is left');
  const key = await fileKeyProvider(folder).load(ref);
  assert.equal(key.thumbprint, await calculateJwkThumbprint(key.publicJwk));
  assert.equal('d' in key.publicJwk, false);
});

test('a key is never overwritten', async (t) => {
  const folder = await temporaryFolder(t);
  const provider = fileKeyProvider(folder);
  await provider.create();
  const before = await readFile(join(folder, 'device.key'), 'utf8');
  await assert.rejects(provider.create(), fails('key-exists'));
  assert.equal(await readFile(join(folder, 'device.key'), 'utf8'), before);
  assert.deepEqual(await readdir(folder), ['device.key']);
});

for (const mode of [0o640, 0o604, 0o660, 0o700, 0o644]) {
  test(`a key of mode ${mode.toString(8)} is refused, with what to do`, async (t) => {
    const folder = await temporaryFolder(t);
    const provider = fileKeyProvider(folder);
    const ref = await provider.create();
    await chmod(join(folder, 'device.key'), mode);
    await assert.rejects(provider.load(ref), (error) => fails('key-unsafe')(error) && /chmod 600/.test(String(error)));
  });
}

test('a folder that others may write to is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o777);
  await assert.rejects(fileKeyProvider(folder).create(), /Others may use/);
});

test('a symbolic link in the place of the key is not followed', async (t) => {
  const folder = await temporaryFolder(t);
  const elsewhere = await temporaryFolder(t);
  const ref = await fileKeyProvider(elsewhere).create();
  await symlink(join(elsewhere, 'device.key'), join(folder, 'device.key'));
  await assert.rejects(fileKeyProvider(folder).load(ref), fails('key-unsafe'));
});

test('a missing, a damaged and a foreign key are told apart, and none shows what is in the file', async (t) => {
  const folder = await temporaryFolder(t);
  const provider = fileKeyProvider(folder);
  const ref = await provider.create();
  await provider.remove();
  await provider.remove();
  await assert.rejects(provider.load(ref), fails('key-missing'));
  assert.equal(await provider.leftover(), undefined);

  const other = await provider.create();
  await assert.rejects(provider.load(ref), fails('key-changed'));
  assert.deepEqual(await provider.leftover(), other);

  const secret = (JSON.parse(await readFile(join(folder, 'device.key'), 'utf8')) as { d: string }).d;
  await writeFile(join(folder, 'device.key'), `{"d":"${secret}"`);
  await assert.rejects(
    provider.load(other),
    (error) => fails('key-unreadable')(error) && !String((error as Error).stack).includes(secret),
  );
});

test('an enrolled device keeps its provider: a missing one is a fault, not a reason for another key', async (t) => {
  const folder = await temporaryFolder(t);
  const provider = fileKeyProvider(folder);
  const ref = { ...(await provider.create()), provider: 'tpm2' } as const;
  await assert.rejects(loadKey([provider], ref), fails('no-provider'));
});

test('the first available provider is chosen', async (t) => {
  const file = fileKeyProvider(await temporaryFolder(t));
  const absent: KeyProvider = { ...file, id: 'tpm2', probe: async () => ({ available: false, reason: 'no-device' }) };
  assert.equal((await chooseProvider([absent, file])).id, 'file');
  await assert.rejects(chooseProvider([absent]), fails('no-provider'));
});
