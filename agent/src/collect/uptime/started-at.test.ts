import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uptime } from '@postern/shared/checks/uptime';
import { valueOf } from '../testing/assert-finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { computed, readLinux } from './started-at.ts';

const now = Date.parse('2026-11-21T09:30:00Z');
const boot = Date.parse('2026-11-20T08:15:00Z');

test('the moment that the kernel states, to the minute', async () => {
  const files = { '/proc/stat': `cpu  1 2 3\nbtime ${(boot + 29_000) / 1000}\nprocesses 9\n` };
  const system = recordedSystem({ platform: 'linux', files, now, uptimeSeconds: 1 });
  assert.equal(valueOf(await readLinux(system), uptime).startedAt, '2026-11-20T08:15:00.000Z');
});

test('the same minute however often it is read while the machine runs', async () => {
  const seen = new Set<string>();
  for (let later = 0; later < 600; later += 7) {
    const uptimeSeconds = (now - boot) / 1000 + later;
    const system = recordedSystem({ platform: 'macos', now: now + later * 1000 + (later % 900), uptimeSeconds });
    seen.add(valueOf(await computed(system), uptime).startedAt);
  }
  assert.deepEqual([...seen], ['2026-11-20T08:15:00.000Z']);
});

test('without /proc the length of the run is subtracted', async () => {
  const system = recordedSystem({ platform: 'linux', now, uptimeSeconds: 3600 });
  assert.equal(valueOf(await readLinux(system), uptime).startedAt, '2026-11-21T08:30:00.000Z');
});
