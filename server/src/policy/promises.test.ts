import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Verdict, type VerdictStatus, verdictSchema } from '@postern/shared/protocol/verdict';
import { day, fromTimestamp, hour, minute } from '@postern/shared/time';
import { trackFailing } from './failing-since.ts';
import { judge } from './judge.ts';
import { evaluate, evaluateAll } from './testing/evaluate.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, ok, unknown, unsupported } from './testing/given.ts';
import { tokenLife } from './token-life.ts';
import type { CompiledPolicy, FailingSince } from './types.ts';

const aReading = fc.constantFrom<Readings>(
  firewallOn,
  firewallOff,
  firewallOff,
  { firewall: unknown() },
  {},
  { firewall: ok({ provider: 'ufw' }) },
  { firewall: unsupported('platform') },
  { firewall: unsupported('container') },
);

const aRandomRule = fc.record({
  time_to_fix: fc.constantFrom('0', '1h', '7d', 'never'),
  on_unknown: fc.constantFrom('allow', 'warn', 'block'),
  on_unsupported: fc.constantFrom('skip', 'warn', 'block'),
  report_only: fc.boolean(),
  require: fc.constantFrom('value.enabled', 'false', 'true'),
  when: fc.constantFrom('true', 'false', 'device.ownership == "personal"', 'resource.tier == "low"'),
});
const someEnforcement = fc.constantFrom('enforce', 'enforce', 'report-only');

test('whatever is published and reported, nobody with time to fix is blocked who was not told first', () => {
  const step = fc.record({
    rule: fc.oneof(fc.constant({}), aRandomRule),
    enforcement: someEnforcement,
    readings: aReading,
    later: fc.constantFrom(minute, hour, 8 * day),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
      let now = noon;
      let remembered: FailingSince = {};
      let told = false;
      for (const { rule, enforcement, readings, later } of steps) {
        now += later;
        const policy = aPolicy([aRule(rule)], { enforcement });
        const given = { policies: [policy], readings, now };
        const findings = evaluateAll({ ...given, failingSince: remembered });
        remembered = trackFailing(remembered, findings, now);
        const verdict = judge({
          findings,
          failingSince: remembered,
          waivers: [],
          policies: given.policies,
          evidenceAt: now,
          now,
        });
        const [result] = verdict.rules;
        assert.ok(result);
        const hasTime = policy.rules[0]?.timeToFixMs !== 0;
        if (result.standing === 'blocked' && hasTime) assert.ok(told, 'blocked at the first failing verdict');
        if (result.standing === 'grace' || result.standing === 'blocked') told = true;
        // A pass, or an admin who lets it be watched only, ends it; the next time everything begins anew.
        if (result.standing === 'fine' && result.outcome === 'pass') told = false;
        if (result.reportOnly || policy.rules[0]?.timeToFixMs === null) told = false;
      }
    }),
    { numRuns: 2000 },
  );
});

const badness: Readonly<Record<VerdictStatus, number>> = { compliant: 0, grace: 1, 'non-compliant': 2, stale: 3 };

test('another policy never makes a verdict better, longer or later', () => {
  const aRandomPolicy = (name: string, enforcement: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.array(aRandomRule, { minLength: 1, maxLength: 3 }), enforcement, fc.constantFrom('5m', '1h', '1d'))
      .map(([rules, enforced, age]) =>
        aPolicy(
          rules.map((rule, index) => aRule({ id: `r${index}`, ...rule })),
          { policy: name, enforcement: enforced, max_age: age, token_life: age === '5m' ? '1m' : '5m' },
        ),
      );
  const ages = fc.dictionary(
    fc.constantFrom('test/r0', 'test/r1', 'more/r0', 'more/r1'),
    fc.record({ since: fc.nat(20 * day).map((ago) => noon - ago), failed: fc.boolean() }),
  );
  const cases = fc.record({
    base: aRandomPolicy('test', fc.constant('enforce')),
    more: aRandomPolicy('more', someEnforcement),
    readings: aReading,
    failingSince: ages,
    age: fc.nat(2 * hour),
    resource: fc.constantFrom('https://wiki', null),
  });
  fc.assert(
    fc.property(cases, ({ base, more, readings, failingSince, age, resource }) => {
      const judged = (policies: CompiledPolicy[]) => {
        const findings = evaluate({ policies, readings, failingSince, resource, now: noon });
        const verdict = judge({ findings, failingSince, waivers: [], policies, evidenceAt: noon - age, now: noon });
        verdictSchema.parse(verdict);
        return { verdict, life: tokenLife({ policies, verdict, waivers: [], now: noon }) };
      };
      const before = judged([base]);
      const after = judged([base, more]);
      assert.ok(badness[after.verdict.status] >= badness[before.verdict.status]);
      assert.ok(fromTimestamp(after.verdict.validUntil) <= fromTimestamp(before.verdict.validUntil));
      assert.ok(after.life <= before.life);
      assert.deepEqual(after.verdict.rules.slice(0, before.verdict.rules.length), before.verdict.rules);
      assertNamed(after.verdict);
    }),
    { numRuns: 2000 },
  );
});

/** A verdict that refuses or gives time names the rules that it does so for, and no others. */
function assertNamed({ status, because, rules }: Verdict): void {
  const decisive = rules.filter(({ standing }) => standing === (status === 'grace' ? 'grace' : 'blocked'));
  const expected = status === 'grace' || status === 'non-compliant' ? decisive : [];
  assert.deepEqual(
    because,
    expected.map(({ policy, rule }) => `${policy}/${rule}`),
  );
  assert.equal(because.length > 0, status === 'grace' || status === 'non-compliant');
}
