import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hour, minute } from '@postern/shared/time';
import type { Rulebook } from '../policy/index.ts';
import { aRulebook, evaluate } from '../policy/testing/evaluate.ts';
import { anException, aPolicy, aRule, firewallOff, firewallOn, noon } from '../policy/testing/given.ts';
import type { DeviceFacts } from './facts.ts';
import { knownStandingOf } from './known-standing.ts';
import { standingOf } from './standing.ts';

const resource = 'https://wiki.example';
const build = '1';
const policies = [aPolicy([aRule({ time_to_fix: '2h', exceptions: { max_duration: '4h' } })])];

function someFacts(rest: Partial<DeviceFacts> & { isOn?: boolean; since?: number | null }): DeviceFacts {
  const { isOn = true, since = noon - hour, ...others } = rest;
  const readings = isOn ? firewallOn : firewallOff;
  const before = firewallOn['firewall'];
  return {
    id: 'laptop',
    name: 'Laptop',
    platform: 'linux',
    agentVersion: '0.1.0',
    state: 'active',
    jwk: { kty: 'EC', crv: 'P-256', x: '', y: '' },
    jkt: 'key',
    keyProvider: 'file',
    keyProtection: 'software',
    ownership: 'corporate',
    quarantine: null,
    enrolledAt: 0,
    exceptionEpoch: 0,
    owner: { id: 'anna', name: 'Anna', email: 'anna@example.com', groups: [], active: true },
    evidence: { seq: 1, hash: 'h', receivedAt: noon - minute },
    posture: {
      seq: 1,
      readings,
      readingsHash: 'h',
      failingSince: isOn || since === null ? {} : { 'test/firewall': { since, failed: true, countedSince: since } },
      hardwareHash: null,
      flips: isOn || before === undefined ? {} : { firewall: { at: noon - 2 * minute, before } },
      build,
    },
    exceptions: [],
    policyEpoch: '1',
    ...others,
  };
}

const exceptionOf = (times: Partial<DeviceFacts['exceptions'][number]>) =>
  anException(evaluate({ policies, readings: firewallOff, failingSince: {}, resource, now: noon }), times);

const instants = fc.integer({ min: noon - hour, max: noon + 6 * hour });
const cases = fc.record({
  isOn: fc.boolean(),
  since: fc.option(instants),
  exceptions: fc.array(
    fc.record({ approvedAt: instants, beginsAt: fc.option(instants), expiresAt: instants, endedAt: fc.constant(null) }),
    { maxLength: 3 },
  ),
  brakeEnds: fc.option(instants),
  receivedAt: instants,
  asked: fc.array(instants, { minLength: 2, maxLength: 12 }),
});

test('what is kept is at every instant what judging anew would say', () => {
  fc.assert(
    fc.property(cases, ({ isOn, since, exceptions, brakeEnds, receivedAt, asked }) => {
      const facts = someFacts({
        isOn,
        since,
        exceptions: exceptions.map((times, index) => exceptionOf({ ...times, id: `exc_${index}` })),
        evidence: { seq: 1, hash: 'h', receivedAt },
      });
      const brake = { id: 'b', check: 'firewall', platform: 'linux', build, flipsSince: noon - hour } as const;
      const rulebook = aRulebook({ policies, brakes: brakeEnds === null ? [] : [{ ...brake, endsAt: brakeEnds }] });
      // In the order of time and out of it: clocks are set back.
      for (const now of [...asked.toSorted((left, right) => left - right), ...asked]) {
        assert.deepEqual(timeless(knownStandingOf(facts, rulebook, resource, now)), fresh(facts, rulebook, now));
      }
    }),
    { numRuns: 400 },
  );
});

test('a rule that reads the clock is judged anew each time', () => {
  const facts = someFacts({});
  const rulebook = aRulebook({
    policies: [aPolicy([aRule({ require: `now < timestamp("${new Date(noon).toISOString()}")`, time_to_fix: '0' })])],
  });
  assert.equal(knownStandingOf(facts, rulebook, resource, noon - 1)?.verdict.status, 'compliant');
  assert.equal(knownStandingOf(facts, rulebook, resource, noon)?.verdict.status, 'non-compliant');
});

test('it is kept by facts, rulebook and resource', () => {
  const facts = someFacts({});
  const rulebook = aRulebook({ policies });
  const at = (about: Rulebook, of: string, now = noon) => knownStandingOf(facts, about, of, now)?.verdict;
  const first = at(rulebook, resource);
  assert.equal(at(rulebook, resource, noon + 1), first, 'the same object: nothing was judged');
  assert.notEqual(at(rulebook, 'https://other.example'), first);
  assert.notEqual(at(aRulebook({ policies }), resource), first);
  assert.notEqual(knownStandingOf({ ...facts }, rulebook, resource, noon)?.verdict, first);
});

const fresh = (facts: DeviceFacts, rulebook: Rulebook, now: number) =>
  timeless(standingOf(facts, rulebook, resource, now));

/** Without when it was judged, which is all that may differ. */
function timeless(standing: ReturnType<typeof standingOf>) {
  return standing && { ...standing, verdict: { ...standing.verdict, at: null } };
}
