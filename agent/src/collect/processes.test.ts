import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProcesses } from './processes.ts';
import { recordedSystem, refused } from './testing/recorded-system.ts';

test('processes by name, and whether all of them are listed', async () => {
  const files = {
    '/proc/1/comm': 'systemd\n',
    '/proc/12/comm': 'a b\n',
    '/proc/13/comm': 'a b\n',
    '/proc/uptime': '1 1\n',
  };
  const all = await readProcesses(recordedSystem({ platform: 'linux', files }));
  assert.deepEqual(all.byName.get('a b'), ['12', '13']);
  assert.equal(all.complete, true);
  const hidden = await readProcesses(recordedSystem({ platform: 'linux', files: { '/proc/12/comm': 'x\n' } }));
  assert.equal(hidden.complete, false);
  const nameless = { '/proc/1/comm': refused, '/proc/12/comm': 'x\n' };
  assert.equal((await readProcesses(recordedSystem({ platform: 'linux', files: nameless }))).complete, false);
});
