import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@postern/shared/canonical';
import { findCheck } from '@postern/shared/checks/catalogue';
import { ExpressionError } from './expression-error.ts';
import { compileCondition, compileExpression } from './expression.ts';
import { maxSteps } from './meter.ts';
import { readPolicyDocument } from './read-document.ts';
import { compilePolicy } from './compile.ts';
import { aContext, evaluate } from './testing/evaluate.ts';
import { noon, ok } from './testing/given.ts';

function compile(text: string, checkId = 'files') {
  const check = findCheck(checkId);
  assert.ok(check);
  return compileExpression(text, check);
}

const file = (index: number) => ({
  path: `/${String(index).padStart(511, 'x')}`,
  state: 'present',
  sha256: 'a'.repeat(64),
  signature: 'valid',
  signer: 's'.repeat(256),
});

/** As long as the schema of the check lets it be. */
const largest: Json = { files: Array.from({ length: 64 }, (_, index) => file(index)) };

test('the largest reading is as large as the schema allows', () => {
  const schema = findCheck('files')?.value;
  assert.equal(schema?.safeParse(largest).success, true);
  const longer = { files: Array.from({ length: 65 }, (_, index) => file(index)) };
  assert.equal(schema?.safeParse(longer).success, false);
});

const counts: [string, number, string][] = [
  [
    'what does nothing again and again costs nothing',
    0,
    'size(value.files) == 64 && value.files[0].state == "present"',
  ],
  ['a loop costs its length times its body', 64 * 5, 'value.files.all(f, f.state == "present")'],
  ['one that ends early was paid for as a whole', 64 * 5, 'value.files.exists(f, f.state == "present")'],
  ['a loop in a loop', 3 * (1 + 8) + 3 * 2 * (1 + 3) + 3 * 2, '[1, 2, 3].all(x, [4, 5].all(y, y > x))'],
  ['over the keys of a map', 2 * 4, '{"a": 1, "b": 2}.map(k, k != "c").size() == 2'],
];

for (const [name, steps, text] of counts) {
  test(`counted: ${name}`, () => {
    const expression = compile(text);
    assert.equal(typeof expression.evaluate(aContext(), largest), 'boolean');
    assert.equal(expression.meter.taken, steps);
  });
}

const doubled = (levels: number) =>
  `${Array.from({ length: levels }, (_, level) => `cel.bind(b${level}, ${level === 0 ? 'value.files + value.files' : `b${level - 1} + b${level - 1}`}, `).join('')}size(b${levels - 1}) > 0${')'.repeat(levels)}`;
const lengthened = (levels: number) =>
  `${Array.from({ length: levels }, (_, level) => `cel.bind(b${level}, ${level === 0 ? 'value.files[0].signer' : `b${level - 1} + b${level - 1}`}, `).join('')}size(b${levels - 1}) > 0${')'.repeat(levels)}`;

const runaways: [string, string][] = [
  [
    'every file with every other',
    'value.files.all(f, value.files.all(g, f.path != g.path + "x" && f.signer == g.signer && g.signer == f.signer))',
  ],
  ['a list that doubles itself', doubled(10)],
  ['a text that doubles itself', lengthened(12)],
  [
    'a list in a list that grows',
    'value.files.map(f, value.files + value.files + value.files).all(l, l.all(g, g.state == "present"))',
  ],
  ['a text for each pair', 'value.files.all(f, value.files.map(g, f.path + g.path + f.signer + g.signer).size() > 0)'],
  [
    'comparing everything with everything',
    'value.files.all(f, value.files.filter(g, value.files == value.files && g == f) != value.files)',
  ],
  [
    'looking for everything in everything',
    'value.files.map(f, f.path).all(p, value.files.filter(g, g.path in [p, p, p] || g.path != "").size() > 0)',
  ],
  ['the hour in a zone for each', 'value.files.all(f, value.files.all(g, now.getHours("Europe/Berlin") >= 0))'],
];

for (const [name, text] of runaways) {
  test(`stopped: ${name}`, () => {
    const expression = compile(text);
    assert.throws(() => expression.evaluate(aContext(), largest), /takes too many steps/);
    assert.ok(expression.meter.taken <= maxSteps);
    // The next evaluation has its own budget.
    assert.doesNotThrow(() => expression.evaluate(aContext(), { files: [{ ...file(1), signer: 's' }] }), name);
  });
}

const refused: [string, string, RegExp][] = [
  ['three lists deep', 'value.files.all(a, value.files.all(b, value.files.all(c, true)))', /more than 2 deep/],
  [
    'three deep, one of them in what is gone over',
    '[1].all(a, [2].all(b, [3].map(c, c).all(d, d > 1)))',
    /more than 2 deep/,
  ],
  ['a duration from the device', 'duration(value.files[0].path) > duration("1h")', /stands in the policy/],
  ['a regular expression', 'value.files.all(f, f.path.matches("(a+)+"))', /matches is not offered/],
  ['deep nesting', `${'('.repeat(200)}true${')'.repeat(200)}`, /depth|nested|recursion/i],
  ['a thousand operands', `true ${'|| true '.repeat(120)}`, /maxAstNodes/],
];

for (const [name, text, message] of refused) {
  test(`refused before it runs: ${name}`, () => {
    const isRight = (error: unknown) => error instanceof ExpressionError && message.test(error.message);
    assert.throws(() => compile(text), isRight);
  });
}

test('a loop behind a loop is not a loop in a loop', () => {
  const text = 'value.files.filter(f, f.state == "present").map(f, f.path).all(p, p.startsWith("/"))';
  assert.equal(compile(text).evaluate(aContext(), largest), true);
});

test('the worst document that is read, over the largest reading, takes no more than its rules times the budget', () => {
  const require =
    'value.files.all(f, value.files.all(g, f.signer == g.signer && f.path == g.path && f.state == g.state))';
  const rules = Array.from({ length: 100 }, (_, index) => ({
    id: `r${index}`,
    title: 'Worst',
    check: 'files',
    expected: 'Nothing.',
    targets: { default: ['/x'] },
    require,
  }));
  const policy = compilePolicy(readPolicyDocument(JSON.stringify({ policy: 'worst', title: 'Worst', rules })), 1);
  // One path many times: what the rule names, as long a list as may be sent.
  const readings = { files: ok({ files: Array.from({ length: 64 }, () => ({ ...file(0), path: '/x' })) }) };
  const findings = evaluate({ policies: [policy], readings, failingSince: {}, resource: null, now: noon });
  assert.equal(findings.length, 100);
  for (const { outcome, reason } of findings) {
    assert.equal(outcome, 'unknown');
    assert.match(reason ?? '', /takes too many steps/);
  }
});

test('a condition has the same budget', () => {
  const condition = compileCondition('person.groups.all(g, person.groups.all(h, g + h != ""))');
  const { subject } = aContext();
  const groups = Array.from({ length: 500 }, (_, index) => `g${index}`);
  const context = aContext({ subject: { ...subject, person: { ...subject.person, groups } } });
  assert.throws(() => condition.evaluate(context, null), /takes too many steps/);
});
