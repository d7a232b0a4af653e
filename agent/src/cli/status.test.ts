import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../state/lock.ts';
import { planOf } from '../testing/documents.ts';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

test('status shows what is asked for and why, and the exact text that was sent last, to whom and when', async (t) => {
  const { agent, fake, folder } = await enrolledMachine(t);
  await agent('attest');
  const { out } = await agent('status');
  assert.match(out, /What this device is asked to report, and why it is only that/);
  assert.match(out, /The policies of this device \(baseline\) use these\./);
  assert.match(out, /^ {2}Firewall: /m);
  assert.match(out, new RegExp(`Last sent now \\(.*\\) to ${fake.url} `));
  const { lastSent } = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as {
    lastSent: { claims: string };
  };
  assert.ok(out.endsWith(`\n${lastSent.claims}\n`), 'word for word');
});

test('status --sent prints the text that was signed, alone, and asks nobody', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  assert.equal((await agent('status', '--sent')).code, 1, 'nothing was sent yet');
  await agent('attest');
  const asked = fake.asked.length;
  const { out, code } = await agent('status', '--sent');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), fake.accepted[0]);
  assert.equal(fake.asked.length, asked);
});

test('the plan names its targets, says that identifiers are hashed, and counts what this agent does not know', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  fake.plan = planOf({
    checks: ['files', 'identifiers', 'retina-scan'],
    targets: { files: ['/opt/edr/agent'] },
    identifierKey: 'k'.repeat(43),
  });
  const { out } = await agent('status');
  assert.match(out, /^ {4}\/opt\/edr\/agent$/m);
  assert.match(out.replace(/\s+/g, ' '), /Sent as hashes under a key of the backend/);
  assert.match(out, /1 more are asked for that this agent does not know/);
  assert.equal(out.includes('kkkk'), false, 'the key is nobody’s to see');
});

test('what the backend asks for is remembered from status too, and known without a connection', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  fake.plan = planOf({ checks: ['uptime'] });
  await agent('status');
  await fake.stop();
  const { out } = await agent('status');
  assert.match(out, /^ {2}Last restart: /m);
  assert.doesNotMatch(out, /^ {2}Firewall: /m);
});

test('status does not wait for a report that is under way, nor write between its steps', async (t) => {
  const { agent, fake, folder, time } = await enrolledMachine(t);
  const before = await readFile(join(folder, 'state.json'), 'utf8');
  fake.plan = planOf({ checks: ['uptime'] });
  const lock = await takeLock(folder, 'state', time);
  assert.match((await agent('status')).out, /^ {2}Last restart: /m);
  assert.equal(await readFile(join(folder, 'state.json'), 'utf8'), before);
  await lock.release();
});
