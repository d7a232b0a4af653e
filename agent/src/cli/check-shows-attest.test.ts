import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue } from '@postern/shared/checks/catalogue';
import type { Readings } from '@postern/shared/protocol/reading';
import { machineReader } from '../collect/machine.ts';
import { planOf } from '../testing/documents.ts';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

const timeless = (readings: Readings) =>
  Object.fromEntries(Object.entries(readings).map(([id, reading]) => [id, { ...reading, collectedAt: '' }]));

test('what check shows of this machine is what attest then sends, to the letter', async (t) => {
  const { agent, terminal, fake, folder } = await enrolledMachine(t);
  const reader = machineReader();
  terminal.collect = (request) => reader.collect(request);
  const drop = join(folder, 'files');
  await mkdir(drop);
  await writeFile(join(drop, 'pin'), '1234', { mode: 0o600 });
  const paths = [process.execPath, join(drop, 'pin'), '/no-such-file', '/home/somebody/diary'];
  fake.plan = planOf({
    checks: [...catalogue.map(({ id }) => id), 'retina-scan'],
    targets: { files: paths, processes: paths },
    identifierKey: 'k'.repeat(43),
  });
  await agent('attest');
  const shown = JSON.parse((await agent('check', '--json')).out) as { readings: Readings; sends: string[] };
  await agent('attest');
  const sent = fake.accepted.at(-1)?.readings ?? {};
  assert.deepEqual(timeless(shown.readings), timeless(sent));
  assert.deepEqual(shown.sends, Object.keys(sent));
  const status = JSON.parse((await agent('status', '--json')).out) as { lastSent: { text: string } };
  assert.deepEqual(JSON.parse(status.lastSent.text), fake.accepted.at(-1));
  assert.equal(JSON.stringify(sent).includes('03ac674216f3e15c'), false, 'the hash of a PIN is its PIN');
});
