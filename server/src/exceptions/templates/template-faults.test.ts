import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import fc from 'fast-check';
import { readTemplateDocument } from './read-template.ts';

const lines = {
  template: 'template: t',
  kind: 'kind: device',
  title: 'title: T',
  description: 'description: D',
  impact: 'impact: I',
  durations: 'durations: [1h, 4h]',
  max_duration: 'max_duration: 4h',
};

/** A sound template with some of its lines changed, or more added. */
function templateWith(change: Record<string, string>): string {
  return Object.values({ ...lines, ...change }).join('\n');
}

const emergency = {
  durations: 'durations: [30m]',
  max_duration: 'max_duration: 1h',
  emergency: 'emergency: true',
  for: 'for: { groups: [on-call] }',
  step_up: 'step_up: { request: passkey }',
};

function faultsOf(text: string): string[] {
  try {
    readTemplateDocument(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'template_invalid', String(error));
    return error.details.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a template', () => {
  test('that is sound is read', () => {
    assert.deepEqual(faultsOf(templateWith({})), []);
    assert.deepEqual(faultsOf(templateWith(emergency)), []);
  });

  const conditions = (text: string) => ({ conditions: `conditions: [${text}]` });
  const bad: [string, Record<string, string>, RegExp][] = [
    ['longer than any exception may last', { max_duration: 'max_duration: 15d' }, /^max_duration: line 7, .*14 days/],
    ['that offers more than its most', { durations: 'durations: [1h, 5h]' }, /^durations\.1: .*4 hours/],
    ['that offers no time at all', { durations: "durations: ['0']" }, /^durations\.0: /],
    ['whose total is less than one of it', { max_total: 'max_total: 3h' }, /^max_total: /],
    ['of a check that is not there', { allows: 'allows: { checks: [firewal] }' }, /did you mean firewall/],
    ['with an unknown key', { durattion: 'durattion: 1h' }, /is not known here; did you mean durations\?/],
    [
      'that waives rules for access',
      { kind: 'kind: access', allows: 'allows: { checks: [firewall] }' },
      /^allows\.checks: .*waives no rule/,
    ],
    ['that begins with first use and is no access', { begins: 'begins: first-use' }, /^begins: /],
    [
      'with two reasons of one code',
      { reason_codes: 'reason_codes: [{ code: a, title: A }, { code: a, title: B }]' },
      /^reason_codes\.1\.code: .*twice/,
    ],
    [
      'that asks the manager, who is one person, for two approvals',
      { stages: 'stages: [{ title: A, manager: true, approvals: 2 }]' },
      /^stages\.0\.approvals: .*one person/,
    ],
    [
      'that asks them so under a condition',
      conditions('{ title: A, when: "true", stages: [{ title: A, manager: true, approvals: 2 }] }'),
      /^conditions\.0\.stages\.0\.approvals: .*one person/,
    ],
    ['with a condition that does nothing', conditions('{ title: A, when: "true" }'), /does nothing/],
    [
      'with a condition that cannot be read',
      conditions('{ title: A, when: "risk.score >", approvals: 1 }'),
      /^conditions\.0\.when: line 8, column/,
    ],
    [
      'with a condition over what risk does not have',
      conditions('{ title: A, when: risk.scorre > 1, approvals: 1 }'),
      /has no 'scorre' here; did you mean score/,
    ],
    [
      'with a condition over what is never so',
      conditions('{ title: A, when: risk.tier == "hihg", approvals: 1 }'),
      /is never 'hihg'/,
    ],
    [
      'with a condition that is no yes or no',
      conditions('{ title: A, when: 1 + 1, approvals: 1 }'),
      /must give true or false/,
    ],
    [
      'with a condition that runs on',
      conditions('{ title: A, when: person.email.matches("(a+)+"), approvals: 1 }'),
      /matches is not offered/,
    ],
    [
      'with a condition that approves and refuses',
      conditions('{ title: A, when: "true", auto_approve: true, deny: No. }'),
      /cannot stand beside/,
    ],
    ['for an emergency of two hours', { ...emergency, max_duration: 'max_duration: 2h' }, /^max_duration: .*1 hour/],
    [
      'for an emergency without a passkey',
      { ...emergency, step_up: 'step_up: { request: second-factor }' },
      /^step_up\.request: .*passkey/,
    ],
    ['for an emergency of anybody', { ...emergency, for: 'for: {}' }, /must say who may use it/],
    ['for an emergency that waits', { ...emergency, kind: 'kind: access', begins: 'begins: first-use' }, /^begins: /],
    [
      'for an emergency that approves itself',
      { ...emergency, ...conditions('{ title: A, when: "true", auto_approve: true }') },
      /no meaning in an emergency/,
    ],
    ['that is a policy', { all: 'x' }, /./],
  ];
  for (const [title, change, expected] of bad) {
    test(`${title} is refused, and told where`, () => {
      assert.match(faultsOf(templateWith(change)).join('\n'), expected);
    });
  }

  test('that is something else is told what a template begins with', () => {
    assert.match(faultsOf('- a list').join(), /is no template: it begins with template:/);
  });

  test('whatever is written ends in a template or a refusal', () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(lines), 'conditions:', '  - {', 'emergency: true'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        faultsOf(pieces.join('\n'));
      }),
    );
  });
});
