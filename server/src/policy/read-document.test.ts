import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, type FaultDetail } from '@postern/shared/protocol/errors';
import { readPolicyDocument } from './read-document.ts';

function faultsOf(text: string): FaultDetail[] {
  try {
    readPolicyDocument(text);
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    assert.equal(error.code, 'policy_invalid');
    assert.ok(error.details.length > 0);
    return error.details;
  }
  assert.fail('it was read');
}

function paths(text: string): string[] {
  return faultsOf(text).map(({ path, message }) => `${/^line \d+/.exec(message)?.[0] ?? ''} ${path}`.trim());
}

const head = 'policy: test\ntitle: Test\n';
const rule =
  'rules:\n  - id: fw\n    title: Firewall\n    check: firewall\n    require: value.enabled\n    expected: On.\n';

test('a short document is read, and what it leaves out has a default', () => {
  const document = readPolicyDocument(head + rule);
  assert.equal(document.max_age, '1h');
  assert.equal(document.rules[0]?.time_to_fix, '7d');
  assert.equal(document.rules[0]?.on_unknown, 'warn');
  assert.deepEqual(document.rules[0]?.exceptions, { max_duration: '7d', max_total: '14d', approvals: 1 });
});

test('a bare 0 is a time to fix', () => {
  assert.equal(readPolicyDocument(`${head}${rule}    time_to_fix: 0\n`).rules[0]?.time_to_fix, 0);
});

test('all faults are told at once, each with its line: form, catalogue, expression and times', () => {
  const text = `${head}surprise: 1
token_life: 3h
rules:
  - id: a
    title: A
    check: firewal
    require: value.enabled
    expected: x
    time_to_fix: soon
  - id: b
    title: B
    check: firewall
    require: value.enabeld
    expected: x
    exceptions: { max_duration: 40d, max_total: 1d }
  - id: c
    title: C
    check: firewall
    require: value.enabled &&
    expected: x
    exceptions: 5
`;
  assert.deepEqual(paths(text), [
    'line 3 surprise',
    'line 4 token_life',
    'line 8 rules.0.check',
    'line 11 rules.0.time_to_fix',
    'line 15 rules.1.require',
    'line 17 rules.1.exceptions.max_duration',
    'line 17 rules.1.exceptions.max_total',
    'line 21 rules.2.require',
    'line 23 rules.2.exceptions',
  ]);
});

test('a fault in an expression shows the place with a caret', () => {
  const [fault] = faultsOf(head + rule.replace('value.enabled', 'value.enabled &&'));
  assert.match(fault?.message ?? '', /^line 7: [\s\S]*\^/);
});

const invalid: [string, string, string][] = [
  ['a key given twice', `${head}title: Again\n${rule}`, 'line 3 document'],
  ['a rule id given twice', head + rule + rule.replace('rules:\n', ''), 'line 9 rules.1.id'],
  ['evidence that lasts for a year', `${head}max_age: 52w\n${rule}`, 'line 3 max_age'],
  ['evidence that is stale at once', `${head}max_age: 0s\n${rule}`, 'line 3 max_age'],
  ['a token that lasts for hours', `${head}token_life: 8h\n${rule}`, 'line 3 token_life'],
  [
    'a rule for systems that the policy is not for',
    `${head}applies_to: { platforms: [macos] }\n${rule}    platforms: [linux]\n`,
    'line 10 rules.0.platforms',
  ],
  [
    'a link that runs something',
    `${head}${rule}    link: { default: "javascript:alert(1)" }\n`,
    'line 9 rules.0.link.default',
  ],
  ['a title that turns the line around', `policy: test\ntitle: "a\\u202eb"\n${rule}`, 'line 2 title'],
  ['a tag of its own', `${head}${rule}    fix: !!binary aGk=\n`, 'line 9 document'],
  ['a tag that makes an object', `${head}${rule}    fix: !!js/function x\n`, 'line 9 document'],
  ['the words of YAML 1.1', `%YAML 1.1\n---\n${head}${rule}`, 'line 1 document'],
  ['two documents', `${head}${rule}---\n${head}${rule}`, 'line 9 document'],
  ['a key that is no string', `${head}${rule}? [a]\n: x\n`, 'line 9 document'],
  ['an alias to nothing', `${head}${rule}    fix: *x\n`, 'document'],
  ['nothing', '', 'line 1 document'],
  ['a list', '- 1\n', 'line 1 document'],
  ['a NUL', `${head}${rule}# \0\n`, 'document'],
  ['half a character', `${head}${rule}# \ud800\n`, 'document'],
  ['more text than is read', `${head}${rule}${'#'.repeat(70_000)}`, 'document'],
];

for (const [name, text, expected] of invalid) {
  test(`refused: ${name}`, () => assert.ok(paths(text).includes(expected), paths(text).join('; ')));
}

test('an expression that begins with ! has to be in quotes, and the fault says so', () => {
  const [fault] = faultsOf(head + rule.replace('value.enabled', '!value.enabled'));
  assert.match(fault?.message ?? '', /^line 7: Unresolved tag: !value.enabled. Put text that begins with ! in quotes$/);
  assert.ok(readPolicyDocument(head + rule.replace('value.enabled', '"!value.enabled"')));
});

test('a document that swells through aliases is refused', () => {
  const levels = Array.from(
    { length: 8 },
    (_, index) => `x${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
  );
  assert.deepEqual(paths(`x0: &a0 [x]\n${levels.join('\n')}\n`), ['document']);
});

test('a document of brackets only is refused, not a crash', () => {
  assert.ok(faultsOf('['.repeat(60_000)).length <= 100);
  assert.ok(faultsOf('{a: '.repeat(15_000)).length <= 100);
  assert.ok(faultsOf('- '.repeat(30_000)).length <= 100);
});

test('thousands of unknown keys are refused with the first hundred', () => {
  assert.equal(faultsOf(Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n')).length, 100);
});
