import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '@postern/shared/protocol/errors';
import { compilePolicy } from './compile.ts';
import { defaultPolicy } from './default-policy.ts';
import { evaluate } from './testing/evaluate.ts';
import { readPolicyDocument } from './read-document.ts';
import { aRule, firewallOn, noon } from './testing/given.ts';

test('no text whatever is answered with anything but a policy or policy_invalid with its reasons', () => {
  const lines = defaultPolicy().split('\n');
  const scrap = fc.constantFrom(
    'rules:',
    '- ',
    '  - id: a',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '!!x',
    '<<:',
    '"',
    "'",
    '|',
    '>',
    '%YAML 1.1',
    '---',
    '...',
    ': ',
    '? ',
    '#',
    '\t',
    '0x',
    '~',
    '__proto__: {}',
    'constructor: 1',
    'applies_to: []',
    'exceptions: {}',
  );
  const yamlish = fc
    .array(fc.oneof(scrap, fc.constantFrom(...lines), fc.string({ unit: 'binary' })), { maxLength: 30 })
    .map((parts) => parts.join('\n'));
  const mutated = fc
    .tuple(fc.nat(lines.length - 1), fc.oneof(scrap, fc.string()))
    .map(([index, line]) => lines.with(index, line).join('\n'));
  fc.assert(
    fc.property(fc.oneof(yamlish, mutated, fc.string({ unit: 'binary', maxLength: 400 })), (text) => {
      try {
        compilePolicy(readPolicyDocument(text), 1);
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'policy_invalid' && error.details.length > 0, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('no expression whatever is answered with anything but an answer or a fault at its place', () => {
  const token = fc.constantFrom(
    'value',
    'value.enabled',
    'value.provider',
    'now',
    'platform',
    '"a"',
    '1',
    '1.5',
    'null',
    'true',
    '==',
    '<',
    '&&',
    '||',
    '!',
    '?',
    ':',
    '(',
    ')',
    '[',
    ']',
    '.',
    ',',
    'has(',
    'size(',
    'daysSince(',
    'versionAtLeast(',
    'duration(',
    'timestamp(',
    '.all(x, ',
    '.map(x, ',
    '.filter(x, ',
    'resource.tier',
    'person.groups',
    'device.ownership',
    '.exists(x, ',
    'x',
    'cel.bind(',
    'dyn(',
    '-',
    '+',
    'in',
    'b"a"',
    '{}',
    '__proto__',
  );
  const text = fc.oneof(
    fc.array(token, { minLength: 1, maxLength: 12 }).map((tokens) => tokens.join(' ')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, fc.boolean(), (require, inCondition) => {
      const rules = [aRule(inCondition ? { when: require } : { require })];
      const document = JSON.stringify({ policy: 'test', title: 'Test', rules });
      try {
        const policy = compilePolicy(readPolicyDocument(document), 1);
        const device = { readings: firewallOn, platform: 'linux', failingSince: {} } as const;
        evaluate({ ...device, policies: [policy], resource: null, now: noon });
      } catch (error) {
        assert.ok(error instanceof Fault && error.code === 'policy_invalid', String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
