import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keyProtections, ownerships } from '@postern/shared/protocol/enrollment';
import { resourceTiers } from '@postern/shared/protocol/resource';
import { severities } from '@postern/shared/protocol/verdict';
import { day, hour } from '@postern/shared/time';
import fc from 'fast-check';
import { type RiskFacts, riskOf, riskValues } from './risk.ts';

const now = Date.parse('2026-11-23T09:00:00Z');

const harmless: RiskFacts = {
  severity: 'info',
  tier: 'low',
  failing: 1,
  durationMs: hour,
  normMs: hour,
  evidenceAt: now,
  keyProtection: 'hardware-attested',
  ownership: 'corporate',
  enrolledAt: now - 30 * day,
  requests30d: 0,
  renewals: 0,
  incident: false,
};
const worst: RiskFacts = {
  severity: 'critical',
  tier: 'critical',
  failing: 20,
  durationMs: 10 * hour,
  normMs: hour,
  evidenceAt: now - 30 * day,
  keyProtection: 'software',
  ownership: 'personal',
  enrolledAt: now,
  requests30d: 9,
  renewals: 9,
  incident: true,
};

describe('the risk of a request', () => {
  test('is 0 where nothing speaks against it, and 100 where everything does', () => {
    assert.equal(riskOf(harmless, now).score, 0);
    assert.equal(riskOf(worst, now).score, 100);
  });

  const inputs: [string, Partial<RiskFacts>, string, number][] = [
    ['a high rule', { severity: 'high' }, 'severity', 14],
    ['no rule, as with temporary access', { severity: null }, 'severity', 0],
    ['a critical resource', { tier: 'critical' }, 'tier', 18],
    ['a resource without a tier counts as high', { tier: null }, 'tier', 11],
    ['three rules that fail', { failing: 3 }, 'failing', 6],
    ['a device that has not reported', { failing: null }, 'failing', 9],
    ['thrice as long as usual', { durationMs: 3 * hour }, 'duration', 6],
    ['nothing says how long is usual', { normMs: null }, 'duration', 10],
    ['evidence of two hours ago', { evidenceAt: now - 2 * hour }, 'evidence', 5],
    ['no evidence', { evidenceAt: null }, 'evidence', 8],
    ['evidence from a time to come', { evidenceAt: now + 1 }, 'evidence', 8],
    ['a key in software', { keyProtection: 'software' }, 'key', 7],
    ['a device that is six days old', { enrolledAt: now - 6 * day }, 'deviceAge', 5],
    ['three requests before', { requests30d: 3 }, 'requests', 7],
    ['two requests before', { requests30d: 2 }, 'requests', 0],
    ['a second extension', { renewals: 1 }, 'renewals', 2],
    ['an open incident', { incident: true }, 'incident', 4],
    ['a personal device', { ownership: 'personal' }, 'ownership', 5],
    ['a device of nobody known', { ownership: 'unknown' }, 'ownership', 5],
  ];
  for (const [title, change, name, points] of inputs) {
    test(`${title}: ${points} points, and says why`, () => {
      const risk = riskOf({ ...harmless, ...change }, now);
      const input = risk.inputs.find((each) => each.name === name);
      assert.equal(input?.points, points);
      assert.match(input.sentence, /^[A-Z].*\.$/);
      assert.equal(risk.score, points);
    });
  }

  const facts = fc.record<RiskFacts>({
    severity: fc.constantFrom(...severities, null),
    tier: fc.constantFrom(...resourceTiers, null),
    failing: fc.option(fc.nat(50)),
    durationMs: fc.nat(14 * day),
    normMs: fc.option(fc.nat(14 * day)),
    evidenceAt: fc.option(fc.integer({ min: now - 60 * day, max: now + day })),
    keyProtection: fc.constantFrom(...keyProtections),
    ownership: fc.constantFrom(...ownerships),
    enrolledAt: fc.integer({ min: now - 60 * day, max: now + day }),
    requests30d: fc.nat(50),
    renewals: fc.nat(50),
    incident: fc.boolean(),
  });

  test('is the sum of what its inputs add, never less than 0 or more than 100', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { score, inputs: shown } = riskOf(given, now);
        assert.equal(
          shown.reduce((sum, { points }) => sum + points, 0),
          score,
        );
        assert.ok(score >= 0 && score <= 100 && shown.every(({ points }) => points >= 0));
      }),
    );
  });

  test('is never lower where something is not known than where that is harmless', () => {
    const unknown: Partial<RiskFacts>[] = [{ tier: null }, { failing: null }, { normMs: null }, { evidenceAt: null }];
    fc.assert(
      fc.property(facts, fc.constantFrom(...unknown), (given, hidden) => {
        const known = Object.fromEntries(
          Object.keys(hidden).map((name) => [name, harmless[name as keyof RiskFacts]]),
        ) as Partial<RiskFacts>;
        const shorter = { ...given, ...known, durationMs: 0 };
        assert.ok(riskOf({ ...shorter, ...hidden }, now).score >= riskOf(shorter, now).score);
      }),
    );
  });

  test('leaves out for conditions what is not known, except that a missing tier is high', () => {
    const values = riskValues({ ...worst, tier: null, failing: null, normMs: null, evidenceAt: null }, 50, now);
    assert.deepEqual(Object.keys(values).toSorted(), [
      'deviceAgeDays',
      'incident',
      'keyProtection',
      'renewals',
      'requests30d',
      'score',
      'severity',
      'tier',
    ]);
    assert.equal(values.tier, 'high');
  });
});
