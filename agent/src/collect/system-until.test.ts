import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedSystem } from './testing/recorded-system.ts';
import { systemUntil } from './system-until.ts';

const recorded = recordedSystem({
  platform: 'linux',
  files: { '/a': 'x' },
  commands: { '/bin/tool': 'yes' },
});

test('in time the machine answers as it is', async () => {
  const system = systemUntil(recorded, new AbortController().signal);
  assert.deepEqual(await system.readFile('/a'), { outcome: 'read', text: 'x' });
  assert.deepEqual(await system.run('/bin/tool', []), await recorded.run('/bin/tool', []));
  assert.equal(system.uptimeSeconds(), recorded.uptimeSeconds());
});

test('after it, nothing at all is begun', async () => {
  const over = new AbortController();
  const begun: string[] = [];
  const watched = new Proxy(recorded, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        begun.push(String(name));
        return Reflect.apply(member, target, given);
      };
    },
  });
  const system = systemUntil(watched, over.signal);
  over.abort();
  const asks = [
    system.readFile('/a'),
    system.readBytes('/a'),
    system.list('/'),
    system.realPath('/a'),
    system.readLink('/a'),
    system.inspect('/a'),
    system.digest('/a', 1),
    system.modifiedAt('/a'),
    system.diskSpace('/'),
    system.run('/bin/tool', []),
  ];
  for (const ended of await Promise.allSettled(asks)) assert.equal(ended.status, 'rejected');
  assert.deepEqual(begun, []);
});
