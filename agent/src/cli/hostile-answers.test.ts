import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour, toTimestamp } from '@postern/shared/time';
import { planOf, ruleOf, verdictOf } from '../testing/documents.ts';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

// Sets the title, rings, turns the line around, and begins a sequence in eight bits.
const poison = '\u001b]0;x\u0007\u202e\u009b31m\u2028\r\t\u0000';
const written = new Set(['title', 'expected', 'observed', 'reason', 'text', 'link', 'policy', 'rule', 'check', 'name']);

function poisoned(json: unknown, key = ''): unknown {
  if (typeof json === 'string') return written.has(key) ? json + poison : json;
  if (Array.isArray(json)) return json.map((item: unknown) => poisoned(item, key));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, poisoned(member, name)]));
}

async function poisonedMachine(t: Parameters<typeof enrolledMachine>[0]) {
  const machine = await enrolledMachine(t);
  const { fake, time } = machine;
  fake.plan = planOf({ checks: ['firewall', 'files'], targets: { files: ['/opt/it\'s; $(reboot) `x` "y"'] } });
  const failing = () =>
    ruleOf({
      outcome: 'fail',
      standing: 'grace',
      stage: 'warn',
      since: toTimestamp(time.now() - hour),
      warnAt: toTimestamp(time.now() - 1),
      deadline: toTimestamp(time.now() + hour / 10),
      fix: { text: 'Turn it on', link: 'https://example.org' },
    });
  fake.rewrite = (body) => {
    if (typeof body !== 'object' || body === null || !('verdict' in body)) return body;
    return poisoned({ ...body, verdict: body.verdict && verdictOf(true, time.now(), [failing(), ruleOf()]) });
  };
  return machine;
}

const commands = [['attest'], ['status'], ['status', '--sent'], ['check'], ['check', '--all'], ['doctor'], ['run']];
for (const command of commands) {
  for (const options of [[], ['--json']]) {
    const line = [...command, ...options];
    test(`${line.join(' ')}: what a backend writes never moves the cursor nor turns a line around`, async (t) => {
      const { agent, terminal } = await poisonedMachine(t);
      await agent('attest');
      terminal.power = async () => {
        terminal.stop();
        return { onBattery: null, saver: null };
      };
      const { out, err } = await agent(...line);
      assert.doesNotMatch(out + err, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.ok(out.length > 0);
    });
  }
}

test('status shows every path that the backend asks for, before anything and after it was sent', async (t) => {
  const { agent } = await poisonedMachine(t);
  for (const step of ['attest', 'status']) {
    await agent(step);
    assert.ok((await agent('status')).out.includes('/opt/it\'s; $(reboot) `x` "y"'));
  }
});
