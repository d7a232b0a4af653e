import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { sayResult } from './say-result.ts';

const nothing: ReplaySummary['changes'] = {
  'newly-blocked': 0,
  'blocked-sooner': 0,
  'newly-stale': 0,
  'newly-warned': 0,
  freed: 0,
  relieved: 0,
  'exceptions-only': 0,
};
const at = '2026-11-21T12:00:00.000Z';
const day = (text: string) => text;

test('a draft that blocks nobody says so', () => {
  const newlyBlocked = { atOnce: 0, atDeadline: 0, people: 0, days: [] };
  const said = sayResult({ at, changes: nothing, newlyBlocked, newlyUncovered: 0 }, day);
  assert.deepEqual(said, { headline: 'Would newly block nobody', details: [], isSafe: true });
});

test('how many devices of how many people, at once and from which day on', () => {
  const newlyBlocked = {
    atOnce: 2,
    atDeadline: 39,
    people: 37,
    days: [
      { day: '2026-11-21', devices: 2 },
      { day: '2026-11-24', devices: 39 },
    ],
  };
  const said = sayResult({ at, changes: { ...nothing, 'newly-blocked': 41 }, newlyBlocked, newlyUncovered: 0 }, day);
  assert.equal(said.headline, 'Would newly block 41 devices of 37 people');
  assert.deepEqual(said.details, ['2 devices at once', '39 devices at a deadline, the first on 2026-11-24']);
  assert.equal(said.isSafe, false);
});

test('a deadline of today is told from what is blocked at once', () => {
  const newlyBlocked = { atOnce: 1, atDeadline: 2, people: 3, days: [{ day: '2026-11-21', devices: 3 }] };
  const { details } = sayResult(
    { at, changes: { ...nothing, 'newly-blocked': 3 }, newlyBlocked, newlyUncovered: 1 },
    day,
  );
  assert.match(details[1] ?? '', /2026-11-21/);
  assert.match(details[2] ?? '', /1 device would be covered by no policy/);
});
