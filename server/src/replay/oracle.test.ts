import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Reading, Readings } from '@postern/shared/protocol/reading';
import { propertyRuns } from '@postern/shared/testing/property-runs';
import { day, hour, type Instant, minute } from '@postern/shared/time';
import { accept } from '../attestation/accept.ts';
import { type DeviceFacts, standingOf } from '../devices/index.ts';
import { endedByEvidence } from '../exceptions/index.ts';
import type { Flips } from '../policy/hold.ts';
import type { Rulebook } from '../policy/rulebook.ts';
import { aRulebook } from '../policy/testing/evaluate.ts';
import { aPolicy, aRule, noon, ok, unknown, unsupported } from '../policy/testing/given.ts';
import type { CompiledPolicy, ExceptionFacts, FailingSince } from '../policy/types.ts';
import type { Comparison } from './comparison.ts';
import type { Attested } from './outlook.ts';
import { project } from './project.ts';
import { replayDevice } from './replay-device.ts';
import { compared, someFacts } from './testing/given.ts';

const checks = { firewall: 'value.enabled', 'secure-boot': 'value.enabled', tpm: 'value.present' } as const;
type CheckId = keyof typeof checks;
const checkIds = Object.keys(checks) as CheckId[];
const values = {
  firewall: (on: boolean) => ({ enabled: on, provider: 'ufw' }),
  'secure-boot': (on: boolean) => ({ enabled: on, setupMode: null }),
  tpm: (on: boolean) => ({ present: on, version: null }),
};
const wiki = 'https://wiki.example';
const payroll = 'https://payroll.example';

const flag = fc.boolean();
const rule = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    check: fc.constantFrom(...checkIds),
    negated: flag,
    when: fc.constantFrom(
      undefined,
      '"staff" in person.groups',
      'device.ownership == "personal"',
      'resource.name == "x"',
    ),
    platforms: fc.constantFrom(undefined, undefined, ['linux'], ['macos']),
    time_to_fix: fc.constantFrom('0', '1h', '3d', 'never'),
    on_unknown: fc.constantFrom('allow', 'warn', 'block'),
    on_unsupported: fc.constantFrom('skip', 'warn', 'block'),
    report_only: fc.constantFrom(false, false, false, true),
    exceptions: fc.constantFrom(false, undefined),
  })
  .map(({ negated, when, platforms, exceptions, ...rest }) => {
    const given = Object.entries({ when, platforms, exceptions }).filter(([, value]) => value !== undefined);
    const require = `${negated ? '!' : ''}${checks[rest.check]}`;
    return aRule({ ...rest, require, ...Object.fromEntries(given) });
  });
const rules = fc.uniqueArray(rule, { minLength: 1, maxLength: 3, selector: ({ id }) => id });
const appliesTo = fc.constantFrom(
  {},
  {},
  { resources: [wiki] },
  { resource_tiers: ['high'] },
  { groups: ['staff'] },
  { groups: ['board'] },
  { ownership: ['personal'] },
);
const policy = (name: string, version: number) =>
  fc
    .record({
      rules,
      applies_to: appliesTo,
      enforcement: fc.constantFrom('enforce', 'enforce', 'enforce', 'report-only'),
    })
    .map(({ rules: its, ...rest }) => aPolicy(its, { policy: name, ...rest }, version));

/** Asks every device for every check, and blocks nobody: what is not collected is another test's. */
const watch = aPolicy(
  checkIds.map((check) => aRule({ id: check, check, require: checks[check] })),
  { policy: 'watch', enforcement: 'report-only' },
);

const build = '6.8.0-45';
const system = ok({ platform: 'linux', id: 'debian', name: 'Debian', version: '12', build, supportEndsOn: null });

const readingOf = (check: CheckId) =>
  fc.constantFrom<Reading | undefined>(
    ok(values[check](true)),
    ok(values[check](false)),
    ok(values[check](false)),
    unknown(),
    unsupported(),
    undefined,
  );
const readings = fc
  .record({ firewall: readingOf('firewall'), 'secure-boot': readingOf('secure-boot'), tpm: readingOf('tpm') })
  .map((given): Readings => {
    const said = Object.entries(given).filter((entry): entry is [string, Reading] => entry[1] !== undefined);
    return Object.fromEntries([['os-version', system], ...said]);
  });

const references = ['test', 'other'].flatMap((name) => ['a', 'b', 'c'].map((id) => `${name}/${id}`));
const failingSince = fc
  .uniqueArray(
    fc.record({
      reference: fc.constantFrom(...references),
      ago: fc.constantFrom(minute, 2 * hour, 2 * day),
      failed: flag,
    }),
    {
      maxLength: 4,
      selector: ({ reference }) => reference,
    },
  )
  .map((given): FailingSince =>
    Object.fromEntries(given.map(({ reference, ago, failed }) => [reference, { since: noon - ago, failed }])),
  );

const exception = fc.record({
  rules: fc.uniqueArray(fc.constantFrom(...references), { minLength: 1, maxLength: 2 }),
  resources: fc.constantFrom([], [], [wiki]),
  left: fc.constantFrom(hour, 5 * day),
  fits: fc.constantFrom(true, true, true, false),
  outcome: fc.constantFrom('fail' as const, 'fail' as const, 'unknown' as const),
});

const world = fc.record({
  other: policy('other', 1),
  before: fc.option(policy('test', 1), { nil: undefined }),
  draft: policy('test', 2),
  readings,
  failingSince,
  exceptions: fc.array(exception, { maxLength: 2 }),
  ownership: fc.constantFrom('corporate' as const, 'personal' as const, 'unknown' as const),
  brake: fc.constantFrom(undefined, undefined, 2 * hour),
  flipped: flag,
});
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

function factsIn(given: World, policies: readonly CompiledPolicy[]): Attested {
  const known = new Map(policies.flatMap((each) => each.rules).map((each) => [each.reference, each]));
  const exceptions = given.exceptions.map(({ rules: its, resources, left, fits, outcome }, index): ExceptionFacts => ({
    kind: 'device',
    role: null,
    durationMs: day,
    beginsAt: 0,
    id: `exc_${String(index).padStart(32, '0')}`,
    personId: 'anna',
    deviceId: 'laptop',
    jkt: 'key',
    rules: its,
    resources,
    observed: Object.fromEntries(
      its.map((reference) => [
        reference,
        { ruleHash: fits ? (known.get(reference)?.hash ?? 'gone') : 'other', policyVersion: 1, outcome, value: null },
      ]),
    ),
    state: 'active',
    approvedAt: noon - hour,
    expiresAt: noon + left,
    endedAt: null,
  }));
  const facts = someFacts(given.readings, { ownership: given.ownership, exceptions });
  const flips: Flips = given.flipped ? { firewall: { at: noon - minute, before: ok(values.firewall(true)) } } : {};
  const posture = { ...(facts.posture ?? assert.fail()), failingSince: given.failingSince, flips, build };
  const readingsHash = String(
    changesOf({ ...facts, posture: null, exceptions: [] }, given.readings, aRulebook(), noon).get('postures')?.[
      'readings_hash'
    ],
  );
  return { ...facts, posture: { ...posture, readingsHash } } as Attested;
}

/** What acceptance of a report writes, by table; of exceptions those that it ends are named. */
function changesOf(facts: DeviceFacts, readings: Readings, rulebook: Rulebook, now: Instant) {
  const claims = { readings, seq: 4, swversion: facts.agentVersion };
  const verified = {
    device: { facts, lastVerdict: null },
    claims,
    jws: 'jws',
    hash: 'hash',
    hardware: { hash: null, changes: [] },
  };
  const { unit } = accept(verified as unknown as Parameters<typeof accept>[0], rulebook, endedByEvidence, 'ver_1', now);
  const changes = new Map<string, Record<string, string | number | null>>();
  for (const change of unit.changes) {
    if (change.kind === 'insert') changes.set(change.table, change.row);
    if (change.kind !== 'update') continue;
    changes.set(change.table === 'exceptions' ? JSON.stringify(change.where['id']) : change.table, change.set);
  }
  return changes;
}

/** The device reports the same again: what acceptance writes down is what it is judged by from then on. */
function report(facts: Attested, rulebook: Rulebook, now: Instant): Attested {
  const { posture } = facts;
  const changes = changesOf(facts, posture.readings, rulebook, now);
  const failing = changes.get('postures')?.['failing_since'];
  return {
    ...facts,
    evidence: { ...facts.evidence, receivedAt: now },
    posture: {
      ...posture,
      failingSince: failing === undefined ? posture.failingSince : (JSON.parse(String(failing)) as FailingSince),
    },
    exceptions: facts.exceptions.filter(({ id }) => !changes.has(JSON.stringify(id))),
  };
}

/** What really happens: it is published, the device reports then and when a brake lets go, and a token is asked for. */
function isBlocked(facts: Attested, rulebook: Rulebook, resource: string | null, at: Instant): boolean {
  const reports = [noon, ...rulebook.brakes.map(({ endsAt }) => endsAt)].filter((time) => time <= at);
  const then = reports.reduce((known, time) => report(known, rulebook, time), facts);
  const fresh: DeviceFacts = { ...then, evidence: { ...then.evidence, receivedAt: at } };
  return standingOf(fresh, rulebook, resource, at)?.verdict.status === 'non-compliant';
}

const instants = [
  0,
  1,
  30 * minute,
  hour - 1,
  hour,
  hour + 1,
  2 * hour,
  3 * hour,
  day,
  3 * day - 2 * hour,
  3 * day,
  5 * day,
  9 * day,
];

/** Where a prediction and what happens part; undefined where they do not. */
function disagreement(facts: Attested, comparison: Comparison): string | undefined {
  const { before, after } = project(facts, comparison, noon);
  for (const [name, side, rulebook] of [
    ['before', before, comparison.current],
    ['after', after, comparison.draft],
  ] as const) {
    for (const [index, resource] of comparison.resources.entries()) {
      const blockedAt = side.outlooks[index]?.blockedAt ?? null;
      const exact = blockedAt === null ? [] : [blockedAt - 1, blockedAt].filter((time) => time >= noon);
      for (const at of [...instants.map((after) => noon + after), ...exact]) {
        const predicted = blockedAt !== null && at >= blockedAt;
        // What was held may pass again when its brake lets go; only the first block is foretold.
        if (predicted && at > blockedAt && comparison.current.brakes.length > 0) continue;
        if (isBlocked(facts, rulebook, resource, at) !== predicted)
          return `${name} ${resource ?? 'the device'} at +${at - noon}: ${predicted ? 'is not' : 'is'} blocked, foretold ${blockedAt === null ? 'never' : `+${blockedAt - noon}`}`;
      }
    }
  }
  return undefined;
}

test('what a replay foretells is what happens when the draft is published, at every instant and for every resource', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(world, (given) => {
      const current = [given.other, ...(given.before === undefined ? [] : [given.before]), watch];
      const facts = factsIn(given, [...current, given.draft]);
      const brakes =
        given.brake === undefined
          ? []
          : [
              {
                id: `brk_${'0'.repeat(32)}`,
                check: 'firewall',
                platform: 'linux' as const,
                build,
                flipsSince: noon - hour,
                endsAt: noon + given.brake,
              },
            ];
      const tiers = new Map([[payroll, 'high' as const]]);
      const comparison = compared(current, given.draft, { brakes, tiers });
      assert.equal(disagreement(facts, comparison), undefined);
      const { change } = replayDevice(facts, comparison, noon);
      seen.set(String(change), (seen.get(String(change)) ?? 0) + 1);
    }),
    propertyRuns(400),
  );
  // A test that never got anywhere would agree with anything.
  for (const change of [
    'newly-blocked',
    'blocked-sooner',
    'newly-warned',
    'freed',
    'relieved',
    'exceptions-only',
    'null',
  ])
    assert.ok((seen.get(change) ?? 0) > 0, `no world led to ${change}: ${JSON.stringify([...seen])}`);
});
