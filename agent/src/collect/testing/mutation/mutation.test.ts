import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { collect } from '../../collect.ts';
import { clockDriftCollector } from '../../clock-drift/index.ts';
import { collectors } from '../../collectors.ts';
import { recordedSystem } from '../recorded-system.ts';
import { cutEverywhere } from './cut-everywhere.ts';
import { excuses } from './excuses.ts';
import { runScene, type Tally } from './run-scene.ts';
import { stages, type Stage } from './stages.ts';
import { sumOf, tell } from './sum.ts';

// `npm run proof collectors` does the same thousands of times for each scene, with any seed.
const seed = 20_261_121;
const runs = 60;

let all: Stage[] = [];
const tallies = new Map<string, Tally>();
before(async () => {
  all = await stages();
  for (const { staged, others } of all) tallies.set(staged.name, await runScene(staged, runs, seed, others));
});
const tallyOf = () => [...tallies.values()];

test('however an answer is spoilt, it ends in a reading, and in none that is better than the machine', () => {
  const { failures } = sumOf(tallyOf());
  assert.deepEqual(failures.map(tell), []);
});

test('an answer that is cut anywhere is not a better one', async () => {
  const cut: Tally[] = [];
  for (const { staged } of all) cut.push(await cutEverywhere(staged, 40));
  const { failures, applied, held } = sumOf(cut);
  assert.deepEqual(failures.map(tell), []);
  assert.ok(applied > 8000 && held > applied / 2, `${held} of ${applied} held`);
});

test('no spoilt answer keeps a collector for long', () => {
  const slow = tallyOf().filter(({ slowestMs }) => slowestMs > 5000);
  assert.deepEqual(
    slow.map(({ scene, slowestMs }) => `${scene}: ${slowestMs} ms`),
    [],
  );
});

test('every collector is spoilt on every system that it reads, in a good and in a bad state', () => {
  for (const { check, on } of collectors({ clockOffsetMs: () => 0 })) {
    if (check.id === 'clock-drift') continue;
    for (const platform of Object.keys(on)) {
      const own = all.filter(({ staged }) => staged.name.startsWith(`${check.id}, ${platform}, `));
      const values = own.flatMap(({ staged }) =>
        staged.truth.status === 'ok' ? [JSON.stringify(staged.truth.value)] : [],
      );
      assert.ok(new Set(values).size >= 2, `${check.id} on ${platform}: ${values.length} scenes with a value`);
    }
  }
});

test('the machines are told apart by name, and most of them read as a value when nothing is spoilt', () => {
  assert.equal(tallies.size, all.length);
  assert.ok(all.filter(({ staged }) => staged.truth.status === 'ok').length > all.length * 0.8);
});

test('a sensible share of what is spoilt is held to be no better, and reads as no value or as another one', () => {
  for (const { scene, applied, held } of tallyOf()) {
    assert.ok(applied > runs / 2, `${scene}: ${applied} of ${runs} applied`);
    // Of a length of time any other one is as good.
    if (!scene.startsWith('uptime, ')) assert.ok(held > applied / 10, `${scene}: ${held} of ${applied} held`);
  }
  for (const check of new Set(all.map(({ staged }) => staged.name.split(', ', 2).join(', ')))) {
    const own = sumOf(tallyOf().filter(({ scene }) => scene.startsWith(`${check}, `)));
    const isMoved = own.notOk + own.changed > own.applied / 10;
    assert.ok(isMoved, `${check}: of ${own.applied}, ${own.notOk} no value and ${own.changed} another one`);
    if (!check.startsWith('uptime, '))
      assert.ok(own.held > own.applied / 5, `${check}: ${own.held} of ${own.applied} held`);
  }
  const { applied, held, notOk } = sumOf(tallyOf());
  assert.ok(held > applied / 2 && notOk > applied / 3, `${held} held and ${notOk} no value, of ${applied}`);
});

test('excuses say why they are there, and together they let off little', () => {
  const { applied, excused } = sumOf(tallyOf());
  const count = Object.values(excused).reduce((sum, each) => sum + each, 0);
  assert.ok(count < applied / 8, `${count} of ${applied} excused`);
  for (const { why } of excuses) assert.ok(why.length > 10);
});

test('whatever the offset of the clock is, it ends in a reading', async () => {
  for (const offset of [Number.NaN, Infinity, -Infinity, 1e300, -1e300, 2 ** 53, -0, 0.1, undefined]) {
    const reading = await collect(recordedSystem({ platform: 'linux' }), [clockDriftCollector(() => offset)]);
    assert.ok(reading['clock-drift'], String(offset));
  }
});
