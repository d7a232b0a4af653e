import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlike } from './is-alike.ts';

type Alike = Parameters<typeof isAlike>[0][number];

const yes = { may: true, code: null, sentence: null } as const;
const no = { may: false, code: 'self_approval', sentence: 'No.' } as const;
const request = {
  set: 'set_1',
  mayDecide: { approve: yes, deny: yes },
  rules: ['base/a', 'base/b'],
  resources: [],
  durationSeconds: 3600,
} as unknown as Alike;

test('only what was asked for together, for the same, and waits for one is approved together', () => {
  assert.equal(isAlike([request, { ...request, rules: ['base/b', 'base/a'] }]), true);
  assert.equal(isAlike([request]), false, 'one is approved by itself');
  assert.equal(
    isAlike([
      { ...request, set: null },
      { ...request, set: null },
    ]),
    false,
  );
  assert.equal(isAlike([request, { ...request, durationSeconds: 7200 }]), false);
  assert.equal(isAlike([request, { ...request, mayDecide: { approve: no, deny: no } }]), false);
});
