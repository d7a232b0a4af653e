import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogue } from '@postern/shared/checks/catalogue';
import { platforms } from '@postern/shared/checks/define';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { type RuleStanding, type Verdict, type VerdictStatus, verdictSchema } from '@postern/shared/protocol/verdict';
import { day, fromTimestamp, hour } from '@postern/shared/time';
import { compilePolicy } from './compile.ts';
import { defaultPolicy } from './default-policy.ts';
import { evaluate, evaluateAll } from './testing/evaluate.ts';
import { trackFailing } from './failing-since.ts';
import { judge, nextChangeAt } from './judge.ts';
import { readPolicyDocument } from './read-document.ts';
import {
  aPolicy,
  aRule,
  anException,
  firewallOff,
  firewallOn,
  noon,
  ok,
  unknown,
  unsupported,
} from './testing/given.ts';
import { tokenLife } from './token-life.ts';
import type { CompiledPolicy, FailingSince, RuleFinding, Waiver } from './types.ts';
import { waiversFor } from './waive.ts';

const baseline = compilePolicy(readPolicyDocument(defaultPolicy()), 1);
const checkIds = catalogue.map(({ id }) => id);

const durations = fc.constantFrom('0', '1h', '7d', 'never');
const aRandomPolicy = fc
  .array(
    fc.record({
      time_to_fix: durations,
      on_unknown: fc.constantFrom('allow', 'warn', 'block'),
      on_unsupported: fc.constantFrom('skip', 'warn', 'block'),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rules) => aPolicy(rules.map((rule, index) => aRule({ id: `r${index}`, ...rule }))));
const insufficient: Readings = { firewall: ok({ provider: 'ufw' }) };
const blindness = fc.constantFrom<Readings>({ firewall: unknown() }, {}, insufficient);
const aClaim = fc.constantFrom<Readings>(
  { firewall: unsupported('platform') },
  { firewall: unsupported('hardware-absent') },
);
const aRandomReading = fc.oneof(
  fc.constantFrom<Readings>(
    firewallOn,
    firewallOff,
    { firewall: unsupported('container') },
    { firewall: unsupported('edition') },
  ),
  blindness,
  aClaim,
);
const anInstant = fc.integer({ min: noon - 30 * day, max: noon + 30 * day });

interface Case {
  policy: CompiledPolicy;
  findings: RuleFinding[];
  failingSince: FailingSince;
  waivers: Waiver[];
  evidenceAt: number;
}

/** A device with random posture, past and exceptions. */
const aCase = fc
  .record({
    policy: aRandomPolicy,
    readings: aRandomReading,
    since: fc.array(fc.option(fc.record({ since: anInstant, failed: fc.boolean() })), { minLength: 4, maxLength: 4 }),
    ends: fc.array(fc.option(anInstant), { minLength: 4, maxLength: 4 }),
    age: fc.integer({ min: 0, max: 2 * hour }),
  })
  .map(({ policy, readings, since, ends, age }): Case => {
    const at = <Value>(values: (Value | null)[]) =>
      values.flatMap((value, index): [string, Value][] => (value === null ? [] : [[`test/r${index}`, value]]));
    const failingSince = Object.fromEntries(at(since));
    return {
      policy,
      findings: evaluate({ policies: [policy], readings, platform: 'linux', failingSince, resource: null, now: noon }),
      failingSince,
      waivers: at(ends).map(([rule, expiresAt]) => ({
        exceptionId: 'exc_00000000000000000000000000000001',
        rule,
        expiresAt,
      })),
      evidenceAt: noon - age,
    };
  });

function verdictOf({ policy, ...given }: Case, now = noon): Verdict {
  return judge({ ...given, policies: [policy], now });
}

const badness: Readonly<Record<VerdictStatus, number>> = { compliant: 0, grace: 1, 'non-compliant': 2, stale: 3 };

test('another exception never makes a verdict worse', () => {
  fc.assert(
    fc.property(aCase, fc.nat(3), anInstant, (given, index, expiresAt) => {
      const extra = { exceptionId: 'exc_00000000000000000000000000000002', rule: `test/r${index}`, expiresAt };
      const before = badness[verdictOf(given).status];
      assert.ok(badness[verdictOf({ ...given, waivers: [...given.waivers, extra] }).status] <= before);
    }),
  );
});

test('time that passes unblocks nothing, and makes no verdict better', () => {
  fc.assert(
    fc.property(aCase, fc.nat(20 * day), (given, later) => {
      const [now, then] = [verdictOf(given), verdictOf(given, noon + later)];
      for (const [index, { standing }] of now.rules.entries()) {
        if (standing === 'blocked') assert.equal(then.rules[index]?.standing, 'blocked');
      }
      assert.ok(badness[then.status] >= badness[now.status]);
    }),
  );
});

test('nothing changes before the moment that a verdict names for its next change', () => {
  fc.assert(
    fc.property(aCase, fc.nat(day), (given, later) => {
      const now = verdictOf(given);
      if (now.status === 'stale' || noon + later >= nextChangeAt(now)) return;
      const then = verdictOf(given, noon + later);
      assert.equal(then.status, now.status);
      assert.deepEqual(
        then.rules.map(({ standing }) => standing),
        now.rules.map(({ standing }) => standing),
      );
    }),
  );
});

test('an unknown that blocks is never compliant without an exception', () => {
  fc.assert(
    fc.property(fc.constantFrom('0', '1h', '7d'), fc.option(anInstant, { nil: noon }), (timeToFix, since) => {
      const policy = aPolicy([aRule({ on_unknown: 'block', time_to_fix: timeToFix })]);
      const failingSince = { 'test/firewall': { since, failed: false } };
      const findings = evaluate({
        failingSince,
        policies: [policy],
        readings: { firewall: unknown() },
        platform: 'linux',
        resource: null,
        now: noon,
      });
      const given = { policy, findings, failingSince, waivers: [], evidenceAt: noon };
      assert.notEqual(verdictOf(given).status, 'compliant');
    }),
  );
});

test('an excepted rule has a live exception, and no token outlives what it stands on', () => {
  fc.assert(
    fc.property(aCase, (given) => {
      const verdict = verdictSchema.parse(verdictOf(given));
      for (const { rule, standing, exception } of verdict.rules) {
        if (standing !== 'excepted') continue;
        assert.ok(given.waivers.some((waiver) => waiver.rule === `test/${rule}` && waiver.expiresAt > noon));
        assert.ok(exception !== null && fromTimestamp(exception.expiresAt) > noon);
      }
      const life = tokenLife({ policies: [given.policy], verdict, waivers: given.waivers, now: noon });
      const open = verdict.status === 'compliant' || verdict.status === 'grace';
      assert.equal(life > 0, open);
      if (open) assert.ok(noon + life <= nextChangeAt(verdict));
    }),
  );
});

test('however readings come and go, a rule that never passed keeps its first time', () => {
  fc.assert(
    fc.property(
      fc.array(
        aRandomReading.filter((reading) => reading !== firewallOn),
        { minLength: 1 },
      ),
      (steps) => {
        const policies = [aPolicy()];
        let since: FailingSince = { 'test/firewall': { since: noon, failed: true } };
        for (const [index, readings] of steps.entries()) {
          const now = noon + index * hour;
          const findings = evaluateAll({ policies, readings, platform: 'linux', failingSince: since, now });
          since = trackFailing(since, findings, now);
        }
        assert.deepEqual(since, { 'test/firewall': { since: noon, failed: true } });
      },
    ),
  );
});

const standings: Readonly<Record<RuleStanding, number>> = {
  'not-applicable': 0,
  fine: 0,
  reported: 1,
  warned: 1,
  excepted: 2,
  grace: 2,
  blocked: 3,
};

/** Where a device stands that reported these one after the other, an hour apart, the last one at noon. */
function verdictAfter(policy: CompiledPolicy, history: Readings[], waivers: Waiver[]): Verdict {
  const policies = [policy];
  let failingSince: FailingSince = {};
  let findings: RuleFinding[] = [];
  for (const [index, readings] of history.entries()) {
    const now = noon - (history.length - 1 - index) * hour;
    findings = evaluateAll({ policies, readings, platform: 'linux', failingSince, now });
    failingSince = trackFailing(failingSince, findings, now);
  }
  return judge({ policies, findings, failingSince, waivers, evidenceAt: noon, now: noon });
}

function assertNoBetter(after: Verdict, before: Verdict): void {
  assert.ok(badness[after.status] >= badness[before.status], `${before.status} became ${after.status}`);
  for (const [index, { standing }] of before.rules.entries()) {
    const then = after.rules[index]?.standing ?? 'fine';
    assert.ok(standings[then] >= standings[standing], `${standing} became ${then}`);
  }
}

const aPast = fc.array(aRandomReading, { maxLength: 6 });
const someWaivers = fc.array(
  fc.record({
    exceptionId: fc.constant('exc_00000000000000000000000000000001'),
    rule: fc.nat(3).map((index) => `test/r${index}`),
    expiresAt: anInstant,
  }),
  { maxLength: 3 },
);
/** One that was reported, other than a claim: whether claims improve anything is for the rule to say. */
const anAnswer = fc.oneof(fc.constantFrom(firewallOn, firewallOff), blindness);

test('going blind never improves a verdict', () => {
  fc.assert(
    fc.property(aRandomPolicy, aPast, anAnswer, blindness, someWaivers, (policy, past, seen, blind, waivers) => {
      const before = verdictAfter(policy, [...past, seen, seen], waivers);
      assertNoBetter(verdictAfter(policy, [...past, seen, blind], waivers), before);
    }),
  );
});

test('where the unknown blocks, never having looked is no better than having failed', () => {
  fc.assert(
    fc.property(aRandomPolicy, aPast, blindness, someWaivers, (policy, past, blind, waivers) => {
      const strict = withRules(policy, { on_unknown: 'block' });
      assertNoBetter(
        verdictAfter(strict, [...past, blind], waivers),
        verdictAfter(strict, [...past, firewallOff], waivers),
      );
    }),
  );
});

test('claiming that it is unsupported never improves a rule that blocks it, over whatever else is reported', () => {
  fc.assert(
    fc.property(aRandomPolicy, aPast, aRandomReading, aClaim, someWaivers, (policy, past, other, claim, waivers) => {
      const strict = withRules(policy, { on_unsupported: 'block' });
      assertNoBetter(verdictAfter(strict, [...past, claim], waivers), verdictAfter(strict, [...past, other], waivers));
    }),
  );
});

test('after a failure no claim improves anything, whatever the rule says of claims', () => {
  const claims = fc.oneof(aClaim, fc.constant({ firewall: unsupported('container') }));
  fc.assert(
    fc.property(aRandomPolicy, aPast, claims, someWaivers, (policy, past, claim, waivers) => {
      const before = verdictAfter(policy, [...past, firewallOff, firewallOff], waivers);
      assertNoBetter(verdictAfter(policy, [...past, firewallOff, claim], waivers), before);
    }),
  );
});

function withRules(policy: CompiledPolicy, change: Record<string, unknown>): CompiledPolicy {
  return aPolicy(policy.document.rules.map((rule) => ({ ...rule, ...change })));
}

test('no reading whatever makes the evaluation throw, and what is said of it fits the wire', () => {
  const value = fc
    .jsonValue({ maxDepth: 5 })
    .map((json) => ok(JSON.parse(JSON.stringify(json)) as Extract<Reading, { status: 'ok' }>['value']));
  const hostile = fc.string({ unit: 'binary' }).map((detail) => unknown(detail));
  const readings = fc.dictionary(fc.constantFrom(...checkIds), fc.oneof(value, value, hostile, fc.constant(unknown())));
  fc.assert(
    fc.property(readings, fc.constantFrom(...platforms), (given, platform) => {
      const evidence = { readings: given, platform, failingSince: {}, now: noon };
      const findings = evaluate({ ...evidence, policies: [baseline], resource: null });
      assert.equal(findings.length, baseline.rules.length);
      for (const { observed, reason } of findings) {
        assert.ok((observed?.length ?? 0) <= 400 && !/\p{Cc}/u.test(observed ?? ''));
        assert.ok(!/\p{Cc}/u.test(reason ?? ''));
      }
      const facts = {
        exceptions: [anException(findings, { rules: findings.map(({ rule }) => rule.reference) })],
        findings,
      };
      const waivers = waiversFor({
        ...facts,
        personId: 'anna',
        groups: [],
        deviceId: 'laptop',
        jkt: 'key',
        resource: null,
        now: noon,
      });
      verdictSchema.parse(
        judge({ findings, failingSince: {}, waivers, policies: [baseline], evidenceAt: noon, now: noon }),
      );
    }),
  );
});
