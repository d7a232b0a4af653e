import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { day, hour } from '@postern/shared/time';
import fc from 'fast-check';
import type { Subject } from '../../policy/index.ts';
import { readTemplateDocument } from '../templates/read-template.ts';
import { approvalsOf } from './approval-plan.ts';
import type { Circumstances, RiskValues } from './conditions.ts';
import { decidePlan, type PolicyTerms } from './decide-plan.ts';

const now = Date.parse('2026-11-23T09:00:00Z');
const risk = { score: 40, inputs: [] };
const subject: Subject = {
  platform: 'linux',
  ownership: 'corporate',
  keyProtection: 'software',
  person: { id: 'usr_1', email: 'erin@example.org', groups: ['staff'] },
};
const values: RiskValues = {
  score: 40,
  severity: 'high',
  tier: 'high',
  failing: 2,
  durationRatio: 1,
  evidenceAgeSeconds: 60,
  keyProtection: 'software',
  deviceAgeDays: 30,
  requests30d: 0,
  renewals: 0,
  incident: false,
};
const circumstances: Circumstances = { risk: values, subject, resources: [{ name: 'wiki', tier: 'high' }], now };
const terms: PolicyTerms = { approvals: 1, allRulesAutoApprove: true };

/** @param conditions YAML of the list */
function planOf(conditions: string, given: Partial<PolicyTerms> = {}, change: Partial<Circumstances> = {}, more = '') {
  const text = `
template: t
kind: device
title: T
description: D
impact: I
durations: [1h]
max_duration: 2d
stages: [{ title: First }, { title: Second, groups: [security], approvals: 2 }]
step_up: { request: recent, approval: recent }
${more}
conditions: [${conditions}]
`;
  const document = readTemplateDocument(text);
  return decidePlan({ name: 't', version: 3, document }, risk, { ...terms, ...given }, { ...circumstances, ...change });
}

const refusalOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Fault);
    return error;
  }
  throw new Error('nothing was refused');
};

describe('the plan of a request', () => {
  test('asks nobody twice: what policies want more than the manager gives, other approvers give', () => {
    const boss = '{ title: A, when: "true", stages: [{ title: Boss, manager: true }] }';
    const peopleOf = ({ stages }: ReturnType<typeof planOf>) =>
      stages.map(({ title, approvals }) => `${title} ${approvals}`);
    assert.deepEqual(peopleOf(planOf(boss, { approvals: 6 })), ['First 1', 'Second 4', 'Boss 1']);
    const alone = (more: string, approvals: number) => {
      const text = `
template: t
kind: device
title: T
description: D
impact: I
durations: [1h]
max_duration: 2d
stages: [{ title: Boss, manager: true }]
conditions: [${more}]
`;
      const document = readTemplateDocument(text);
      return decidePlan({ name: 't', version: 1, document }, risk, { ...terms, approvals }, circumstances);
    };
    assert.deepEqual(peopleOf(alone('', 1)), ['Boss 1']);
    assert.deepEqual(peopleOf(alone('', 3)), ['Boss 1', 'Approval 2']);
    assert.deepEqual(peopleOf(alone('{ title: A, when: "true", approvals: 2 }', 1)), ['Boss 1', 'Approval 1']);
  });

  test('is what the policies say where there is no template', () => {
    const plan = decidePlan(null, risk, { approvals: 2, allRulesAutoApprove: true }, circumstances);
    assert.deepEqual([approvalsOf(plan), plan.template, plan.autoApprovedBy, plan.risk], [2, null, null, risk]);
  });

  test('is what the template says where no condition counts', () => {
    const plan = planOf('');
    assert.deepEqual(
      plan.stages.map(({ title, approvals }) => [title, approvals]),
      [
        ['First', 1],
        ['Second', 2],
      ],
    );
    assert.deepEqual(plan.template, { name: 't', version: 3 });
    assert.deepEqual([plan.maxDurationMs, plan.conditions, plan.emergency], [2 * day, [], false]);
  });

  test('never takes fewer approvals than the policies ask for: the last stage gives those that lack', () => {
    const plan = planOf('', { approvals: 5 });
    assert.deepEqual(
      plan.stages.map(({ approvals }) => approvals),
      [1, 4],
    );
  });

  test('is refused by a condition, with what each one that counts says', () => {
    const fault = refusalOf(() =>
      planOf(
        '{ title: One, when: "true", deny: No. }, { title: Two, when: risk.failing > 1, deny: Too much. }, { title: Three, when: risk.failing > 2, deny: Never. }',
      ),
    );
    assert.equal(fault.code, 'exception_refused_by_rule');
    assert.deepEqual(
      fault.details.map(({ message }) => message),
      ['One: No.', 'Two: Too much.'],
    );
  });

  test('gets stages, approvals, a stronger step-up and a shorter time from the conditions that count', () => {
    const plan = planOf(
      '{ title: A, when: risk.tier == "high", stages: [{ title: Board, groups: [board] }], step_up: { approval: passkey } },' +
        '{ title: B, when: risk.severity == "high", approvals: 3, max_duration: 4h },' +
        '{ title: C, when: risk.incident, max_duration: 1h }',
    );
    assert.deepEqual(
      plan.stages.map(({ title, approvals }) => [title, approvals]),
      [
        ['First', 1],
        ['Second', 2],
        ['Board', 3],
      ],
    );
    assert.deepEqual(plan.stepUp, { request: 'recent', approval: 'passkey' });
    assert.deepEqual([plan.maxDurationMs, plan.conditions], [4 * hour, ['A', 'B']]);
  });

  test('asks the same people once, however many conditions ask for them', () => {
    const stage = (title: string, approvals: number) =>
      `{ title: ${title}, when: "true", stages: [{ title: ${title}, groups: [board], approvals: ${approvals} }] }`;
    const plan = planOf(`${stage('A', 1)}, ${stage('B', 2)}`);
    assert.deepEqual(
      plan.stages.map(({ title, approvals }) => [title, approvals]),
      [
        ['First', 1],
        ['Second', 2],
        ['B', 2],
      ],
    );
  });

  test('can only make step-up stronger', () => {
    const plan = planOf('{ title: A, when: "true", step_up: { request: none, approval: none } }');
    assert.deepEqual(plan.stepUp, { request: 'recent', approval: 'recent' });
  });
});

describe('a condition that cannot be evaluated', () => {
  const { tier: _, ...withoutTier } = values;
  const given = { risk: withoutTier };

  test('counts: nobody escapes by accident', () => {
    const fault = refusalOf(() => planOf('{ title: A, when: risk.tier == "critical", deny: No. }', {}, given));
    assert.equal(fault.code, 'exception_refused_by_rule');
  });

  test('approves nothing by itself', () => {
    const plan = planOf('{ title: A, when: risk.tier == "low", auto_approve: true }', {}, given);
    assert.deepEqual([plan.autoApprovedBy, plan.stages.length], [null, 2]);
  });

  test('is one on the resource where none is named', () => {
    const any = { resources: [] };
    const denying = '{ title: A, when: resource.name == "other", deny: No. }';
    assert.equal(refusalOf(() => planOf(denying, {}, any)).code, 'exception_refused_by_rule');
    assert.equal(planOf(denying).conditions.length, 0);
    assert.equal(
      planOf('{ title: A, when: resource.name == "wiki", auto_approve: true }', {}, any).autoApprovedBy,
      null,
    );
  });

  test('is asked about every resource: one is enough to count, all of them to approve', () => {
    const two = {
      resources: [
        { name: 'wiki', tier: 'low' as const },
        { name: 'pay', tier: 'critical' as const },
      ],
    };
    assert.deepEqual(planOf('{ title: A, when: resource.tier == "critical", approvals: 3 }', {}, two).conditions, [
      'A',
    ]);
    assert.equal(
      planOf('{ title: A, when: resource.tier == "low", auto_approve: true }', {}, two).autoApprovedBy,
      null,
    );
  });
});

describe('approval by a condition', () => {
  const auto = '{ title: Small, when: risk.score < 50, auto_approve: true }';

  test('asks nobody, and names the condition', () => {
    const plan = planOf(auto);
    assert.deepEqual([plan.autoApprovedBy, plan.stages], ['Small', []]);
  });

  const not: [string, () => ReturnType<typeof planOf>][] = [
    ['a rule does not allow it', () => planOf(auto, { allRulesAutoApprove: false })],
    ['another condition adds a stage', () => planOf(`${auto}, { title: B, when: "true", stages: [{ title: Board }] }`)],
    ['another condition wants approvals', () => planOf(`${auto}, { title: B, when: "true", approvals: 1 }`)],
    [
      'another condition wants approvers to step up',
      () => planOf(`${auto}, { title: B, when: "true", step_up: { approval: passkey } }`),
    ],
    ['it does not count', () => planOf('{ title: Small, when: risk.score < 40, auto_approve: true }')],
  ];
  for (const [title, plan] of not) {
    test(`does not happen where ${title}`, () => {
      assert.equal(plan().autoApprovedBy, null);
      assert.ok(plan().stages.length >= 2);
    });
  }

  test('does not happen where another condition refuses', () => {
    assert.equal(
      refusalOf(() => planOf(`${auto}, { title: B, when: "true", deny: No. }`)).code,
      'exception_refused_by_rule',
    );
  });

  test('still takes the shorter time of another condition', () => {
    const plan = planOf(`${auto}, { title: B, when: "true", max_duration: 1h }`);
    assert.deepEqual([plan.autoApprovedBy, plan.maxDurationMs], ['Small', hour]);
  });
});

describe('an emergency', () => {
  const more = 'emergency: true\nfor: { groups: [on-call] }';
  const text = (extra: string) => `
template: e
kind: access
title: E
description: D
impact: I
durations: [30m]
max_duration: 1h
step_up: { request: passkey }
${more}
${extra}
`;
  test('asks nobody before, and is no longer than an hour whatever is stored', () => {
    const document = { ...readTemplateDocument(text('')), max_duration: '5d' };
    const plan = decidePlan({ name: 'e', version: 1, document }, risk, { ...terms, approvals: 3 }, circumstances);
    assert.deepEqual([plan.emergency, plan.stages, plan.autoApprovedBy], [true, [], null]);
    assert.deepEqual([plan.maxDurationMs, plan.stepUp.request], [hour, 'passkey']);
  });
});

test('conditions only ever make a plan stricter, unless one approves it', () => {
  const effect = fc.constantFrom(
    'approvals: 4',
    'max_duration: 1h',
    'stages: [{ title: Board }]',
    'step_up: { approval: passkey }',
    'step_up: { request: none }',
  );
  const condition = fc.tuple(fc.constantFrom('"true"', '"false"', 'risk.score > 30', 'resource.tier == "low"'), effect);
  const plain = planOf('');
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 6 }), fc.integer({ min: 1, max: 5 }), (list, approvals) => {
      const yaml = list.map(([when, does], index) => `{ title: C${index}, when: ${when}, ${does} }`).join(', ');
      const plan = planOf(yaml, { approvals });
      assert.ok(approvalsOf(plan) >= Math.max(approvalsOf(plain), approvals));
      assert.ok(plan.maxDurationMs <= plain.maxDurationMs);
      assert.notEqual(plan.stepUp.approval, 'none');
      assert.equal(plan.stepUp.request, 'recent');
      assert.equal(plan.autoApprovedBy, null);
    }),
    { numRuns: 60 },
  );
});
