import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exited, recordedSystem, refused } from './recorded-system.ts';

test('what is not listed does not exist', async () => {
  const system = recordedSystem({ platform: 'linux' });
  assert.deepEqual(await system.readFile('/etc/passwd'), { outcome: 'absent' });
  assert.deepEqual(await system.run('/bin/true', []), { outcome: 'absent' });
  for (const answer of [
    system.readBytes('/a'),
    system.list('/'),
    system.realPath('/'),
    system.modifiedAt('/'),
    system.diskSpace('/'),
  ]) {
    assert.equal(await answer, undefined);
  }
});

test('folders follow from the paths in them', async () => {
  const system = recordedSystem({
    platform: 'linux',
    files: { '/a/c/d': '', '/a/b': '' },
    dirs: { '/e': [], '/f': ['y', 'x'] },
  });
  assert.deepEqual(await system.list('/a'), ['b', 'c']);
  assert.deepEqual(await system.list('/'), ['a', 'e', 'f']);
  assert.deepEqual(await system.list('/e'), []);
  assert.deepEqual(await system.list('/f'), ['x', 'y']);
});

test('links are followed, also in the middle of a path, relative ones too, and a circle ends', async () => {
  const links = { '/sys/class/block/vda': '../../devices/vda', '/etc/localtime': '/zone/UTC', '/loop': '/loop' };
  const system = recordedSystem({ platform: 'linux', files: { '/sys/devices/vda/size': '8', '/zone/UTC': '' }, links });
  assert.equal(await system.realPath('/sys/class/block/vda'), '/sys/devices/vda');
  assert.deepEqual(await system.readFile('/sys/class/block/vda/size'), { outcome: 'read', text: '8' });
  assert.equal(await system.realPath('/etc/localtime'), '/zone/UTC');
  assert.equal(await system.realPath('/loop'), undefined);
});

test('Windows paths have folders too', async () => {
  const system = recordedSystem({ platform: 'windows', files: { 'C:\\Windows\\a.txt': '' } });
  assert.deepEqual(await system.list('C:\\Windows'), ['a.txt']);
  assert.equal(system.uid, -1);
});

test('commands answer by their whole line, and are counted', async () => {
  const commands = { '/bin/a b c': 'out', '/bin/a': exited(3, '', 'err'), '/bin/no': refused };
  const system = recordedSystem({ platform: 'linux', commands });
  assert.deepEqual(await system.run('/bin/a', ['b', 'c']), { outcome: 'exited', code: 0, stdout: 'out', stderr: '' });
  assert.deepEqual(await system.run('/bin/a', []), { outcome: 'exited', code: 3, stdout: '', stderr: 'err' });
  assert.deepEqual(await system.run('/bin/no', []), { outcome: 'refused' });
  assert.deepEqual(system.ran, ['/bin/a b c', '/bin/a', '/bin/no']);
});
