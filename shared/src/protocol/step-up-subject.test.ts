import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { exceptionRequestSchema } from './exception.ts';
import {
  type DecisionAbout,
  decisionSubjectText,
  manageSubjectText,
  newStepUpSchema,
  requestSubjectText,
} from './step-up-subject.ts';

const device = `dev_${'1'.repeat(32)}`;
const exception = `exc_${'1'.repeat(32)}`;
const request = { rules: ['baseline/b', 'baseline/a'], duration: '1h', justification: 'The vendor is late.' };

describe('the subject of a request', () => {
  test('is the same for whoever checks the proof and whoever gives the challenge', () => {
    const sent = { ...request, stepUp: { kind: 'code', code: '123456' } };
    const checked = requestSubjectText({ device, request: exceptionRequestSchema.parse(sent) });
    const asked = newStepUpSchema.parse({ purpose: 'request', about: { device, request } });
    assert.equal(asked.purpose, 'request');
    assert.equal(asked.purpose === 'request' && requestSubjectText(asked.about), checked);
    assert.ok(!checked.includes('123456'));
  });

  test('is another one for another device, duration, reason, rule, resource, kind or template', () => {
    const text = (more: object, of = device) =>
      requestSubjectText({ device: of, request: exceptionRequestSchema.parse({ ...request, ...more }) });
    const texts = [
      text({}),
      text({}, `dev_${'2'.repeat(32)}`),
      text({ duration: '2h' }),
      text({ justification: 'Another reason for it.' }),
      text({ rules: ['baseline/a'] }),
      text({ resources: ['https://a.example'] }),
      text({ template: 'incident' }),
      text({ ticket: 'T-1' }),
      requestSubjectText({ device, access: request }),
      requestSubjectText({ exception, edit: request }),
      requestSubjectText({ exception, extension: request }),
    ];
    assert.equal(new Set(texts).size, texts.length);
    assert.equal(text({ rules: ['baseline/a', 'baseline/b', 'baseline/a'] }), text({}), 'order means nothing');
  });
});

test('the subject of a decision tells every two decisions apart, and takes rules and resources as sets', () => {
  const name = fc.constantFrom('a/a', 'a/b', 'b/a');
  const decision = fc.record(
    {
      exception: fc.constantFrom(exception, `exc_${'2'.repeat(32)}`),
      requestHash: fc.constantFrom('g', 'h'),
      durationMs: fc.constantFrom(1, 2),
      rules: fc.uniqueArray(name, { minLength: 1 }),
      resources: fc.uniqueArray(name, { minLength: 1 }),
    },
    { requiredKeys: ['exception', 'requestHash'] },
  );
  const sorted = ({ rules, resources, ...rest }: DecisionAbout) =>
    JSON.stringify([rest.exception, rest.requestHash, rest.durationMs, rules?.toSorted(), resources?.toSorted()]);
  fc.assert(
    fc.property(decision, decision, (left, right) => {
      const same = decisionSubjectText(left) === decisionSubjectText(right);
      return same === (sorted(left) === sorted(right));
    }),
  );
});

test('no two purposes have a subject in common', () => {
  const texts = [
    requestSubjectText({ exception, edit: {} }),
    decisionSubjectText({ exception, requestHash: 'h' }),
    decisionSubjectText({ set: exception, requests: [{ exception, requestHash: 'h' }] }),
    requestSubjectText({ set: {} }),
    manageSubjectText({ action: 'approve-template', target: exception, content: 'h' }),
    manageSubjectText({ action: 'approve-template', target: exception }),
    manageSubjectText({ action: 'approve-template' }),
    manageSubjectText({ action: 'add-passkey' }),
  ];
  assert.equal(new Set(texts).size, texts.length);
});

test('nok: a challenge for nothing, for two things, or for what is none', () => {
  for (const wrong of [
    {},
    { purpose: 'request' },
    { purpose: 'add-passkey', about: {} },
    { purpose: 'request', about: { device } },
    { purpose: 'request', about: { device, request, exception } },
    { purpose: 'request', about: { device, request: { ...request, rules: [] } } },
    { purpose: 'decide', about: { exception } },
    { purpose: 'decide', about: { exception, requestHash: '' } },
    { purpose: 'manage', about: { action: 'anything' } },
    { purpose: 'manage', about: { action: 'add-passkey', more: 1 } },
  ])
    assert.equal(newStepUpSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
});
