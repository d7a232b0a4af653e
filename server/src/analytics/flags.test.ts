import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hour, minute } from '@postern/shared/time';
import { changeFlags, type Finding, type OpenFlag } from './flags.ts';
import { noon } from './testing/given.ts';

const finding = (subject: string, sentence = 'It is so.'): Finding => ({
  kind: 'approvers',
  subject,
  about: [],
  values: {},
  sentence,
});

test('what lasts is flagged once, and is over when it was not seen for an hour', () => {
  const flag = (seenAt: number): OpenFlag => ({ ...finding('a'), openedAt: noon - 3 * hour, seenAt });
  assert.equal(changeFlags([], [finding('a')], noon).open.length, 1);
  const still = changeFlags([flag(noon - minute)], [finding('a')], noon);
  assert.deepEqual([still.open, still.refresh, still.close], [[], [], []]);
  assert.equal(changeFlags([flag(noon - 5 * minute)], [finding('a')], noon).refresh.length, 1);
  assert.equal(changeFlags([flag(noon)], [finding('a', 'It is worse.')], noon).refresh.length, 1);
  assert.deepEqual(changeFlags([flag(noon - hour + 1)], [], noon).close, []);
  assert.equal(changeFlags([flag(noon - hour)], [], noon).close.length, 1);
});

test('no more than 500 of a kind are open, and none of those is closed for want of room', () => {
  const found = Array.from({ length: 501 }, (_, number) => finding(`s${number}`));
  const first = changeFlags([], found, noon).open;
  assert.equal(first.length, 500);
  const open = first.map(({ kind, subject, sentence }) => ({ kind, subject, sentence, openedAt: noon, seenAt: noon }));
  const second = changeFlags(open, found.toReversed(), noon + 2 * hour);
  assert.deepEqual([second.open, second.close], [[], []]);
});

test('over any time, a flag is open exactly from when it was seen until an hour after', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), { maxLength: 60 }), (steps) => {
      let now = noon;
      let open: OpenFlag[] = [];
      let lastSeen = Number.NEGATIVE_INFINITY;
      for (const [minutes, isSo] of steps) {
        now += minutes * minute;
        const found = isSo ? [finding('a')] : [];
        const changes = changeFlags(open, found, now);
        for (const flag of open) if (changes.refresh.length > 0) flag.seenAt = now;
        open = open.filter((flag) => !changes.close.includes(flag));
        for (const { kind, subject, sentence } of changes.open)
          open.push({ kind, subject, sentence, openedAt: now, seenAt: now });
        if (isSo) lastSeen = now;
        assert.ok(open.length <= 1);
        if (isSo) assert.equal(open.length, 1);
        // It is written down only now and then that it was seen.
        if (now - lastSeen >= hour) assert.equal(open.length, 0);
        if (now - lastSeen < hour - 5 * minute) assert.equal(open.length, 1);
      }
    }),
  );
});
