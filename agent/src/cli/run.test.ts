import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import type { CollectRequest } from '../collect/request.ts';
import { planOf, ruleOf, verdictOf } from '../testing/documents.ts';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

test('run observes only what is asked for, and nothing while the battery is saved', async (t) => {
  const { agent, terminal, fake } = await enrolledMachine(t);
  fake.plan = planOf({ checks: ['firewall', 'uptime'] });
  await agent('attest');
  const asked: CollectRequest[] = [];
  const { collect } = terminal;
  let saving = false;
  terminal.power = async () => {
    if (asked.length > 8) saving = true;
    return { onBattery: true, saver: saving };
  };
  terminal.collect = async (request) => {
    asked.push(request);
    if (asked.length > 10) terminal.stop();
    return collect(request);
  };
  assert.equal((await agent('run')).code, 0);
  const [reported, ...others] = asked.map(({ checks }) => checks?.join(' '));
  assert.equal(reported, 'firewall uptime');
  assert.deepEqual(new Set(others), new Set(['firewall', 'firewall uptime']));
  assert.equal(others.slice(8).includes('firewall'), false, 'nothing is looked at while power is saved');
});

test('run tells when there is no more time, and before it blocks', async (t) => {
  const { agent, terminal, fake, time } = await enrolledMachine(t);
  const start = time.now();
  const deadline = toTimestamp(start + 4 * hour);
  let answers = 0;
  fake.rewrite = (body, path) => {
    if (path !== '/v1/attestations') return body;
    answers += 1;
    const stage = time.now() >= start + 2 * hour ? 'warn' : 'notify';
    const rule = ruleOf({
      outcome: 'fail',
      standing: 'grace',
      stage,
      since: toTimestamp(start - day),
      warnAt: toTimestamp(start + 2 * hour),
      deadline,
    });
    if (time.now() > start + 4 * hour - 10 * minute || answers > 60) terminal.stop();
    return { ...(body as object), verdict: verdictOf(true, time.now(), [rule]) };
  };
  const { out } = await agent('run');
  const lines = out.trim().split('\n');
  assert.equal(lines.length, 3, out);
  assert.match(lines[0] ?? '', /Firewall is on: Fix by/);
  assert.match(lines[1] ?? '', /Firewall is on: Fix now, blocked on/);
  assert.match(lines[2] ?? '', /Last call\. Firewall is on: it blocks this device in (?:1 hour|5\d minutes)/);
});

test('run tells when more is asked of the device, with the paths, and once', async (t) => {
  const { agent, terminal, fake } = await enrolledMachine(t);
  fake.plan = planOf({ checks: ['firewall', 'uptime'] });
  await agent('attest');
  fake.plan = planOf({
    checks: ['firewall', 'files'],
    targets: { files: ['/opt/a', '/opt/b', '/opt/c', '/opt/d'] },
  });
  fake.rewrite = (body, path) => {
    if (path === '/v1/attestations' && fake.accepted.length > 5) terminal.stop();
    return body;
  };
  const { out } = await agent('run');
  const lines = out
    .trim()
    .split('\n')
    .filter((line) => line.includes('asked to report'));
  assert.equal(lines.length, 1, out);
  assert.match(lines[0] ?? '', /Files that must be there \(\/opt\/a, \/opt\/b, \/opt\/c and 1 more\)/);
});
