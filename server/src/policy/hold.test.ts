import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hour, minute } from '@postern/shared/time';
import { evaluateAll } from './evaluate.ts';
import { buildOf, type Flips, holdReadings } from './hold.ts';
import { judge } from './judge.ts';
import type { Brake } from './brake.ts';
import { aRulebook, aSubject } from './testing/evaluate.ts';
import { aPolicy, aRule, firewallOff, firewallOn, noon, ok, unknown } from './testing/given.ts';
import { tokenLife } from './token-life.ts';
import type { FailingSince } from './types.ts';
import { isResolved } from './waive.ts';

const device = { platform: 'macos', build: '24A335' } as const;
const on = firewallOn['firewall'] ?? assert.fail();
const off = firewallOff['firewall'] ?? assert.fail();

function aBrake(rest: Partial<Brake> = {}): Brake {
  const id = `brk_${'1'.repeat(32)}`;
  const where = { check: 'firewall', platform: 'macos', build: '24A335' } as const;
  return { id, ...where, flipsSince: noon - 10 * minute, endsAt: noon + hour, ...rest };
}

const flipped: Flips = { firewall: { at: noon - 5 * minute, before: on } };

const hold = (flips: Flips, brakes: readonly Brake[], now = noon, of: Parameters<typeof holdReadings>[2] = device) =>
  holdReadings({ firewall: off, disk: unknown() }, flips, of, brakes, now);

describe('a brake', () => {
  it('puts back the reading before the change, of its check and no other', () => {
    const { readings, held } = hold({ ...flipped, disk: { at: noon, before: on } }, [aBrake()]);
    assert.deepEqual(readings, { firewall: on, disk: unknown() });
    assert.deepEqual([...held.keys()], ['firewall']);
  });

  it('is for changes since it began to count: who failed before gets nothing from it', () => {
    const at = (instant: number): Flips => ({ firewall: { at: instant, before: on } });
    const { flipsSince } = aBrake();
    assert.equal(hold(at(flipsSince - 1), [aBrake()]).held.size, 0);
    assert.equal(hold(at(flipsSince), [aBrake()]).held.size, 1);
    assert.equal(hold({}, [aBrake()]).held.size, 0, 'who never passed has no change');
  });

  it('helps those that change while it holds', () => {
    assert.equal(hold({ firewall: { at: noon, before: on } }, [aBrake()]).held.size, 1);
  });

  it('is for one build on one system', () => {
    for (const of of [
      { ...device, build: '24B83' },
      { ...device, build: null },
      { ...device, platform: 'linux' as const },
    ])
      assert.equal(hold(flipped, [aBrake()], noon, of).held.size, 0);
  });

  it('lets go at its end by itself, to the millisecond', () => {
    const { endsAt } = aBrake();
    assert.equal(hold(flipped, [aBrake()], endsAt - 1).held.size, 1);
    const { readings, held } = hold(flipped, [aBrake()], endsAt);
    assert.deepEqual([readings['firewall'], held.size], [off, 0]);
  });

  it('is not fooled by names that every object has', () => {
    assert.equal(hold({}, [aBrake({ check: 'toString' }), aBrake({ check: 'constructor' })]).held.size, 0);
  });
});

describe('a verdict under a brake', () => {
  const rules = [
    aRule({ time_to_fix: 0 }),
    aRule({ id: 'uptime', check: 'uptime', require: 'daysSince(value.startedAt) < 9.0' }),
  ];
  const policies = [aPolicy(rules)];
  const rulebook = aRulebook({ policies });
  const given = { rulebook, subject: aSubject({ platform: 'macos' }), failingSince: {} as FailingSince, now: noon };
  const raw = { firewall: off, uptime: ok({ startedAt: '2026-11-18T11:00:00.000Z' }) };
  const verdictOf = (flips: Flips, readings = raw) => {
    const judged = holdReadings(readings, flips, device, [aBrake()], noon);
    const findings = evaluateAll({ ...given, ...judged });
    const verdict = judge({ findings, failingSince: {}, waivers: [], policies, evidenceAt: noon, now: noon });
    return { verdict, findings, life: tokenLife({ policies, verdict, waivers: [], now: noon }) };
  };

  it('is the one before, says that it is held, and no token outlives it', () => {
    const { verdict } = verdictOf(flipped);
    assert.equal(verdict.status, 'compliant');
    assert.deepEqual(verdict.rules[0]?.held, { brake: aBrake().id, until: new Date(aBrake().endsAt).toISOString() });
    const short = { ...aBrake(), endsAt: noon + 1000 };
    const judged = holdReadings(raw, flipped, device, [short], noon);
    const findings = evaluateAll({ ...given, ...judged });
    const held = judge({ findings, failingSince: {}, waivers: [], policies, evidenceAt: noon, now: noon });
    assert.equal(tokenLife({ policies, verdict: held, waivers: [], now: noon }), 1000);
  });

  it('is blocked for a device that did not change under it, and for whatever else fails', () => {
    assert.equal(verdictOf({}).verdict.status, 'non-compliant');
    const late = { ...raw, uptime: ok({ startedAt: '2026-10-18T11:00:00.000Z' }) };
    const { verdict } = verdictOf(flipped, late);
    assert.deepEqual([verdict.status, verdict.because], ['grace', ['test/uptime']]);
  });

  it('is no sign that an exception is not needed any more', () => {
    const { findings } = verdictOf(flipped);
    assert.equal(isResolved({ rules: ['test/firewall'] }, findings), false);
    assert.equal(isResolved({ rules: ['test/uptime'] }, findings), true);
  });
});

describe('whatever brakes there are', () => {
  const checks = fc.constantFrom('firewall', 'disk', 'uptime');
  const instants = fc.integer({ min: noon - hour, max: noon + hour });
  const brakes = fc.array(
    fc.record({
      id: fc.uuid(),
      check: checks,
      platform: fc.constantFrom('macos' as const, 'linux' as const),
      build: fc.constantFrom('24A335', '24B83'),
      flipsSince: instants,
      endsAt: instants,
    }),
  );
  const readings = fc.dictionary(checks, fc.constantFrom(on, off, unknown()), { noNullPrototype: true });
  const flips = fc.dictionary(checks, fc.record({ at: instants, before: fc.constant(on) }), { noNullPrototype: true });
  const devices = fc.record({
    platform: fc.constantFrom('macos' as const, 'linux' as const),
    build: fc.constantFrom('24A335', '24B83', null),
  });

  it('only readings of held checks are replaced, only by what the device itself reported, and nothing is changed in place', () => {
    fc.assert(
      fc.property(readings, flips, devices, brakes, instants, (given, flipsOf, of, all, now) => {
        const before = structuredClone(given);
        const { readings: judged, held } = holdReadings(given, flipsOf, of, all, now);
        assert.deepEqual(given, before);
        for (const [check, reading] of Object.entries(judged)) {
          assert.deepEqual(reading, held.has(check) ? flipsOf[check]?.before : given[check]);
        }
        for (const [check, brake] of held) {
          const flip = flipsOf[check] ?? assert.fail('held without a change');
          assert.ok(brake.check === check && brake.build === of.build && brake.platform === of.platform);
          assert.ok(flip.at >= brake.flipsSince && now < brake.endsAt);
        }
      }),
    );
  });

  it('a device without changes, or of another build, is judged by what it reports', () => {
    fc.assert(
      fc.property(readings, flips, devices, brakes, instants, (given, flipsOf, of, all, now) => {
        assert.equal(holdReadings(given, {}, of, all, now).readings, given);
        assert.equal(holdReadings(given, flipsOf, { ...of, build: 'other' }, all, now).readings, given);
      }),
    );
  });
});

describe('the build', () => {
  it('is what os-version reports, and null where it cannot be read or is nonsense', () => {
    const value = {
      platform: 'macos',
      id: 'macos',
      name: 'macOS',
      version: '15.0',
      build: '24A335',
      supportEndsOn: null,
    };
    assert.equal(buildOf({ 'os-version': ok(value) }), '24A335');
    assert.equal(buildOf({ 'os-version': ok({ build: '24A335' }) }), null);
    assert.equal(buildOf({ 'os-version': unknown() }), null);
    assert.equal(buildOf({}), null);
  });
});
