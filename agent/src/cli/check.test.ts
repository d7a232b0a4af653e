import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, readingsOf } from '../testing/documents.ts';
import { enrolledMachine, newMachine } from '../testing/enrolled-machine.ts';
import type { CollectRequest } from '../collect/request.ts';

async function machineThatListens(t: Parameters<typeof enrolledMachine>[0], plan = planOf({ checks: ['firewall'] })) {
  const machine = await enrolledMachine(t);
  const { terminal, fake, agent } = machine;
  fake.plan = plan;
  await agent('attest');
  const asked: CollectRequest[] = [];
  const { collect } = terminal;
  terminal.collect = async (request) => {
    asked.push(request);
    return collect(request);
  };
  const idsOf = async (...options: string[]) => {
    const { out } = await agent('check', '--json', ...options);
    return Object.keys((JSON.parse(out) as { readings: object }).readings);
  };
  return { ...machine, asked, idsOf };
}

test('check shows what would be sent, and all that can be read when asked to', async (t) => {
  const { agent, idsOf } = await machineThatListens(t);
  assert.deepEqual(await idsOf(), ['firewall']);
  assert.deepEqual(await idsOf('--all'), Object.keys(readingsOf(true, 0)));
  const all = await agent('check', '--all');
  assert.match(all.out, /^Firewall\n[\s\S]*^Disk encryption \(not asked for, and not sent\)$/m);
  assert.match((await agent('check')).out, /Nothing was sent\.[\s\S]*check --all/);
});

test('it reads anew, looks for the targets of the plan, and shows identifiers as they would be sent', async (t) => {
  const plan = planOf({
    checks: ['firewall', 'files'],
    targets: { files: ['/opt/edr/agent'] },
    identifierKey: 'k'.repeat(43),
  });
  const { agent, asked } = await machineThatListens(t, plan);
  await agent('check');
  await agent('check', '--all');
  for (const request of asked) {
    assert.deepEqual(request.targets, plan.targets);
    assert.equal(request.identifierKey, plan.identifierKey);
    assert.equal(request.keepForMs, 0);
  }
  assert.deepEqual(
    asked.map(({ checks }) => checks),
    [['firewall', 'files'], undefined],
  );
});

test('a machine that is not enrolled shows all that it could say, and that it says nothing', async (t) => {
  const { agent, fake } = await newMachine(t);
  const { out } = await agent('check');
  assert.match(out, /Disk encryption\n/);
  assert.match(out, /only what policies use/);
  assert.deepEqual((JSON.parse((await agent('check', '--json')).out) as { sends: string[] }).sends, []);
  assert.deepEqual(fake.asked, []);
});
