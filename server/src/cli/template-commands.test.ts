import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { builtInTemplate } from '../exceptions/templates/built-in.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

describe('postern-server template', () => {
  test('test tells what a template says, and every fault with its line', async (t) => {
    const run = commandLine(t);
    const file = path.join(newFolder(t), 't.yaml');
    writeFileSync(file, builtInTemplate('travelling'));
    const sound = await run('template', 'test', file);
    assert.equal(sound.code, 0);
    assert.match(
      sound.out,
      /travelling is valid\n {2}Travelling without the registered device\n {2}for 4h, 1d, 3d; at most 3d/,
    );
    writeFileSync(file, builtInTemplate('travelling').replace('max_duration: 3d', 'max_duration: 30d'));
    const faulty = await run('template', 'test', file, '--json');
    assert.equal(faulty.code, 1);
    assert.match(faulty.err + faulty.out, /max_duration/);
  });

  test('list and show tell what is in force', async (t) => {
    const run = commandLine(t, { POSTERN_LOG: 'silent' });
    assert.equal((await run('rotate-keys', '--help')).code, 0);
    // The first command that may begin an installation does.
    await run('enrollment-token', '--owner', 'eve@example.com');
    const list = await run('template', 'list', '--json');
    assert.equal(list.code, 0, list.err);
    assert.equal((parsed(list.out)['items'] as unknown[]).length, 9);
    assert.match((await run('template', 'show', 'audit')).out, /^audit, version 1\n {2}An audit or a legal hold/);
    assert.equal((await run('template', 'show', 'other')).code, 1);
  });
});
