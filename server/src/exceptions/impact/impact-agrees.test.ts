import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Impact } from '@postern/shared/protocol/impact';
import { hour, minute, toTimestamp } from '@postern/shared/time';
import { openDesk } from '../testing/desk.ts';
import { basePolicy, payroll, wiki } from '../testing/policy.ts';
import { deskTemplate } from '../testing/templates.ts';

const conditions = `
stages: [{ title: First }]
conditions:
  - { title: Only the wiki, when: resource.name.contains("wiki"), auto_approve: true }
  - { title: Payroll, when: resource.name.contains("payroll"), stages: [{ title: Second }], max_duration: 4h }
  - { title: Risky, when: risk.score > 50, approvals: 2 }
`;

test('what was shown before it was asked for is what it then takes, and when it then ends', async (t) => {
  const desk = await openDesk(t);
  await desk.publish(
    basePolicy({ firewall: '{ max_duration: 8h, max_total: 90d, approvals: 1, auto_approve: true }' }),
  );
  await desk.template(deskTemplate(conditions));
  const seen = { refused: 0, approved: 0, automatic: 0 };
  const wishes = fc.record({
    rules: fc.oneof(
      fc.constant(['base/firewall']),
      fc.subarray(['base/firewall', 'base/lock', 'base/disk', 'base/clock', 'payroll/space'], {
        minLength: 1,
        maxLength: 2,
      }),
    ),
    resources: fc.subarray([payroll, wiki]),
    duration: fc.constantFrom('30m', '1h', '4h', '9h'),
    template: fc.constantFrom(undefined, 'desk', 'desk', 'desk', 'nowhere'),
    startsIn: fc.constantFrom(null, null, null, hour, -hour),
  });
  await fc.assert(
    fc.asyncProperty(wishes, async ({ startsIn, template, ...rest }) => {
      desk.pass(minute);
      const startsAt = startsIn === null ? {} : { startsAt: toTimestamp(desk.clock.at + startsIn) };
      const wish = { ...rest, ...startsAt, ...(template === undefined ? {} : { template }) };
      const preview = await desk.call<Impact>('POST', '/v1/exceptions/preview', { as: desk.laptop, body: wish });
      const { refusals, plan, time } = preview.body;
      const answer = await desk.ask(wish);
      if (answer.status !== 201) {
        seen.refused += 1;
        assert.ok(
          refusals.some(({ code }) => code === answer.code),
          `${answer.code} of ${JSON.stringify(refusals)}`,
        );
        return;
      }
      assert.deepEqual(refusals, []);
      const { body: asked } = answer;
      assert.deepEqual(
        [
          asked.template,
          asked.stages.map(({ title, groups, manager, approvals }) => ({ title, groups, manager, approvals })),
          asked.stepUp,
          asked.autoApprovedBy,
          asked.emergency,
          asked.risk,
          asked.conditions,
        ],
        [
          plan?.template,
          plan?.stages,
          plan?.stepUp,
          plan?.autoApprovedBy,
          plan?.emergency,
          plan?.risk,
          plan?.conditions,
        ],
      );
      let given = asked;
      if (asked.state === 'pending') {
        const shown = await desk.call<Impact>('GET', `/v1/admin/exceptions/${asked.id}/impact`, { as: desk.bob });
        assert.deepEqual([shown.body.refusals, shown.body.plan, shown.body.time], [[], plan, time]);
        for (const by of [desk.bob, desk.eve, desk.ada]) {
          if (given.state === 'pending') given = (await desk.act(by, 'approve', asked)).body;
        }
        seen.approved += 1;
      } else seen.automatic += 1;
      assert.deepEqual([given.beginsAt, given.expiresAt], [time.beginsAt, time.expiresAt]);
      await desk.own('relinquish', asked);
    }),
    {
      numRuns: 80,
      examples: [
        [{ rules: ['base/firewall'], resources: [wiki], duration: '1h', template: 'desk' as const, startsIn: null }],
      ],
    },
  );
  assert.ok(seen.refused > 5 && seen.approved > 5 && seen.automatic > 0, JSON.stringify(seen));
});
