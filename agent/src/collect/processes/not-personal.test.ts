import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processes } from '@postern/shared/checks/processes';
import { found, unknown } from '../finding.ts';
import { valueOf } from '../testing/assert-finding.ts';
import { recordedSystem } from '../testing/recorded-system.ts';
import { notPersonal } from './not-personal.ts';

const system = recordedSystem({ platform: 'linux' });
const targets = ['/opt/edr', '/home/grace/bin/game', '/opt/vpn'];

test('what a person keeps at home is not looked for: nobody learns whether it runs', async () => {
  const asked: string[] = [];
  const read = notPersonal(async (_system, wish) => {
    asked.push(...wish.targets);
    return found({ processes: wish.targets.map((path) => ({ path, running: true })) }, 'm');
  });
  assert.deepEqual(valueOf(await read(system, { targets, identifierKey: null }), processes), {
    processes: [
      { path: '/opt/edr', running: true },
      { path: '/home/grace/bin/game', running: null },
      { path: '/opt/vpn', running: true },
    ],
  });
  assert.deepEqual(asked, ['/opt/edr', '/opt/vpn']);
});

test('what cannot be read stays unknown', async () => {
  const nothing = unknown('no-data', 'Nothing to see here at all.', 'm');
  const read = notPersonal(async () => nothing);
  assert.deepEqual(await read(system, { targets, identifierKey: null }), nothing);
});
