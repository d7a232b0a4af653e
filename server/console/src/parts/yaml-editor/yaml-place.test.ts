import assert from 'node:assert/strict';
import { test } from 'node:test';
import { yamlPlaceAt } from './yaml-place.ts';

const at = (text: string) => {
  const [before = '', after = ''] = text.split('|');
  const place = yamlPlaceAt(before, after);
  return place === undefined ? undefined : [place.path.map((each) => each ?? '*').join('.'), place.kind, place.typed];
};

test('at the outside a key goes', () => {
  assert.deepEqual(at('policy: a\nti|'), ['', 'key', 'ti']);
});

test('behind a key its value goes', () => {
  assert.deepEqual(at('enforcement: rep|'), ['enforcement', 'value', 'rep']);
  assert.deepEqual(at('rules:\n  - id: x\n    check: fire|'), ['rules.*.check', 'value', 'fire']);
  assert.deepEqual(at('rules:\n  - check: |'), ['rules.*.check', 'value', '']);
});

test('a member of a list may stand at the column of its key, or further in', () => {
  for (const indent of ['', '  ', '    '])
    assert.deepEqual(at(`rules:\n${indent}- id: x\n${indent}  sev|`), ['rules.*', 'key', 'sev'], `${indent.length}`);
  assert.deepEqual(at('rules:\n- id: a\n- id: b\n  |'), ['rules.*', 'key', '']);
  assert.deepEqual(at('rules:\n  - i|'), ['rules.*', 'key', 'i']);
});

test('below a key of a member, its own keys go', () => {
  assert.deepEqual(at('rules:\n  - id: x\n    exceptions:\n      max|'), ['rules.*.exceptions', 'key', 'max']);
  assert.deepEqual(at('rules:\n  - id: x\n    exceptions:\n      approvals: 1\n    |'), ['rules.*', 'key', '']);
});

test('lists and maps in brackets are gone into', () => {
  assert.deepEqual(at('rules:\n  - platforms: [linux, mac|'), ['rules.*.platforms.*', 'value', 'mac']);
  assert.deepEqual(at('rules:\n  - exceptions: { max_|'), ['rules.*.exceptions', 'key', 'max_']);
  assert.deepEqual(at('rules:\n  - exceptions: { max_total: 3d, app|'), ['rules.*.exceptions', 'key', 'app']);
  assert.deepEqual(at('applies_to: { platforms: [linux], own|'), ['applies_to', 'key', 'own']);
});

test('keys that stand beside it are known, those of other members are not', () => {
  const taken = (text: string) => {
    const [before = '', after = ''] = text.split('|');
    return yamlPlaceAt(before, after)?.taken;
  };
  assert.deepEqual(taken('rules:\n  - id: a\n    title: b\n    |\n    check: c\n  - severity: high'), [
    'title',
    'id',
    'check',
  ]);
  assert.deepEqual(taken('policy: a\ntitle: b\n|\nrules:\n  - id: x'), ['title', 'policy', 'rules']);
});

test('in a comment or in an expression nothing is offered', () => {
  assert.equal(at('# che|'), undefined);
  assert.equal(at('rules:\n  - require: value.enabled && |'), undefined);
});
