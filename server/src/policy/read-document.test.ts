import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '@postern/shared/checks/catalogue';
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
  assert.match(fault?.message ?? '', /^line 7, column 30: Unexpected token: EOF[\s\S]*\^/);
});

/** A rule with these lines more, or with the lines that are given instead. */
function ruleWith(lines: Record<string, string>): string {
  const all = { id: 'fw', title: 'Firewall', check: 'firewall', require: 'value.enabled', expected: 'On.', ...lines };
  const [first, ...rest] = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `${head}rules:\n  - ${[first, ...rest].join('\n    ')}\n`;
}

const paths32 = (from: number) => JSON.stringify(Array.from({ length: 32 }, (_, index) => `/bin/p${from + index}`));

const told: [string, string, string, string][] = [
  [
    'a key that nobody knows, with the one that was meant',
    ruleWith({ on_unknwon: 'block' }),
    'rules.0.on_unknwon',
    'line 9, column 5: is not known here; did you mean on_unknown?',
  ],
  [
    'the same at the top',
    `polcy: test\n${head}${rule}`,
    'polcy',
    'line 1, column 1: is not known here; did you mean policy?',
  ],
  [
    'the same inside of exceptions',
    ruleWith({ exceptions: '{ max_durations: 1d }' }),
    'rules.0.exceptions.max_durations',
    'line 9, column 19: is not known here; did you mean max_duration?',
  ],
  [
    'the same inside of applies_to',
    `${head}applies_to:\n  platform: [linux]\n${rule}`,
    'applies_to.platform',
    'line 4, column 3: is not known here; did you mean platforms?',
  ],
  ['a member that is missing', `${head}rules:\n  - id: fw\n`, 'rules.0.title', 'line 4, column 5: is missing'],
  [
    'a word that is none of them, with the one that was meant',
    ruleWith({ on_unknown: 'blok' }),
    'rules.0.on_unknown',
    'line 9, column 17: must be allow, warn or block; did you mean block?',
  ],
  [
    'a system that is none',
    ruleWith({ platforms: '[linux, osx]' }),
    'rules.0.platforms.1',
    'line 9, column 24: must be linux, macos or windows',
  ],
  [
    'a check that is none',
    ruleWith({ check: 'fire-wall' }),
    'rules.0.check',
    `line 6, column 12: is not in the catalogue of checks; did you mean firewall? There are ${catalogue.map(({ id }) => id).join(', ')}`,
  ],
  [
    'a condition that sees the reading',
    ruleWith({ when: 'value.enabled' }),
    'rules.0.when',
    'line 9, column 11: Unknown variable: value',
  ],
  [
    'a condition on a word that does not exist',
    ruleWith({ when: 'device.ownership == "private"' }),
    'rules.0.when',
    "line 9, column 31: device.ownership is never 'private'; it is one of corporate, personal",
  ],
  [
    'a member that does not exist, in the middle of an expression',
    ruleWith({ require: 'value.provider == "ufw" && value.enabeld' }),
    'rules.0.require',
    "line 7, column 47: value has no 'enabeld' here; did you mean enabled? It has enabled, provider, profiles",
  ],
  [
    'targets that are missing',
    ruleWith({ check: 'processes', require: 'value.processes.all(p, p.running == true)' }),
    'rules.0.check',
    'line 6, column 12: processes looks at what the rule names and nothing else: add targets',
  ],
  [
    'targets for a check that looks at the whole device',
    ruleWith({ targets: '{ default: [/bin/sh] }' }),
    'rules.0.targets',
    'line 9, column 5: are for processes and files only: firewall names nothing to look at',
  ],
  [
    'targets for another system only',
    ruleWith({
      check: 'files',
      require: 'size(value.files) > 0',
      platforms: '[macos]',
      targets: '{ windows: ["C:\\\\a.exe"] }',
    }),
    'rules.0.targets',
    'line 10, column 5: names nothing for the systems that the rule applies to',
  ],
  [
    'a path of another system',
    ruleWith({ check: 'files', require: 'size(value.files) > 0', targets: '{ windows: [/bin/sh] }' }),
    'rules.0.targets.windows.0',
    'line 9, column 26: is not an absolute path on windows',
  ],
  [
    'a path with a wildcard',
    ruleWith({ check: 'files', require: 'size(value.files) > 0', targets: '{ linux: [/bin/*] }' }),
    'rules.0.targets.linux.0',
    'line 9, column 24: must be an absolute path without .. or wildcards',
  ],
  [
    'more paths than a device looks at',
    [0, 32, 64]
      .map((from) =>
        ruleWith({
          id: `r${from}`,
          check: 'files',
          require: 'size(value.files) > 0',
          targets: `{ linux: ${paths32(from)} }`,
        }),
      )
      .map((text, index) => (index === 0 ? text : text.slice(`${head}rules:\n`.length)))
      .join(''),
    'rules.2.targets',
    'line 21, column 5: makes it more than 64 paths for files on linux in this policy',
  ],
  [
    'a warning before the first failure',
    ruleWith({ time_to_fix: '1d', warn_before: '2d' }),
    'rules.0.warn_before',
    'line 10, column 18: must not be more than time_to_fix',
  ],
  [
    'a warning of what never comes',
    ruleWith({ time_to_fix: 'never', warn_before: '2d' }),
    'rules.0.warn_before',
    'line 10, column 18: has no meaning where time_to_fix is never: it does not block',
  ],
  [
    'an address that is none',
    `${head}applies_to: { users: [anna] }\n${rule}`,
    'applies_to.users.0',
    'line 3, column 23: Invalid email address',
  ],
  ['a group without a name', ruleWith({ exceptions: '{ groups: [""] }' }), 'rules.0.exceptions.groups.0', ''],
  ['nobody at all', `${head}applies_to: { groups: [] }\n${rule}`, 'applies_to.groups', ''],
  [
    'a third kind of enforcement',
    `${head}enforcement: maybe\n${rule}`,
    'enforcement',
    'line 3, column 14: must be enforce or report-only',
  ],
];

for (const [name, text, path, message] of told) {
  test(`told with line, column and a sentence: ${name}`, () => {
    const faults = faultsOf(text);
    const fault = faults.find((each) => each.path === path);
    assert.ok(fault, JSON.stringify(faults));
    assert.match(fault.message, /^line \d+, column \d+: \S/);
    if (message !== '') assert.equal(fault.message.split('\n')[0], message);
  });
}

const styles: [string, (expression: string) => string][] = [
  ['on the line of its key', (expression) => ` ${expression}`],
  ['in double quotes', (expression) => ` ${JSON.stringify(expression)}`],
  ['in single quotes', (expression) => ` '${expression.replaceAll("'", "''")}'`],
  ['on the next line', (expression) => `\n      ${expression}`],
  ['over lines', (expression) => ` ${expression.replaceAll(' && ', '\n      && ')}`],
  ['in a folded block', (expression) => ` >-\n      ${expression.replaceAll(' && ', '\n      && ')}`],
  ['in a literal block', (expression) => ` |\n      ${expression.replaceAll(' && ', '\n      && ')}`],
  ['in double quotes over lines', (expression) => ` ${JSON.stringify(expression).replaceAll(' && ', '\n      && ')}`],
];

for (const [name, write] of styles) {
  test(`the column of a fault in an expression ${name} is where the mistake stands in the document`, () => {
    const expression = `value.provider == "it's" && value.enabled && value.enabeld`;
    const text = `${head}${rule.replace(' value.enabled', write(expression))}`;
    const [fault] = faultsOf(text);
    const [, line, column] = /^line (\d+), column (\d+): value has no/.exec(fault?.message ?? '') ?? [];
    const rest = text.split('\n')[Number(line) - 1]?.slice(Number(column) - 1);
    assert.match(rest ?? '', /^enabeld/, fault?.message);
  });
}

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
  assert.match(
    fault?.message ?? '',
    /^line 7, column 14: Unresolved tag: !value.enabled. Put text that begins with ! in quotes$/,
  );
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

const slips: [string, string, RegExp][] = [
  [
    'an expression that YAML takes for a bool',
    head + rule.replace('value.enabled', 'true'),
    /must be an expression such as value\.enabled, in quotes/,
  ],
  ['a file that is a list', '- a\n- b\n', /is no policy document/],
  ['an empty file', '', /is no policy document/],
  ['two documents in one file', `${head}${rule}---\n${head}${rule}`, /put each policy into a file of its own/],
  ['a colon in a title', 'policy: a\ntitle: a: b\n', /Put a value that holds ": " in quotes/],
];
for (const [name, text, expected] of slips) {
  test(`a slip of a hurried person is told so that they know what to do: ${name}`, () => {
    assert.match(
      faultsOf(text)
        .map(({ message }) => message)
        .join('\n'),
      expected,
    );
  });
}
