import type { Failure, Tally } from './run-scene.ts';

/** What came of many scenes together. */
export interface Sum {
  scenes: number;
  /** Machines that were spoilt. */
  applied: number;
  /** Of those, such as no reading may come out better of. */
  held: number;
  /** Readings that were no value. */
  notOk: number;
  /** Values that are not the truth, and no better. */
  changed: number;
  /** How many of the spoilt machines each excuse let off. */
  excused: Record<string, number>;
  slowestMs: number;
  failures: Failure[];
}

export function sumOf(tallies: readonly Tally[]): Sum {
  const excused: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [why, count] of tally.excused) excused[why] = (excused[why] ?? 0) + count;
  }
  const total = (name: 'applied' | 'held' | 'notOk' | 'changed') =>
    tallies.reduce((sum, tally) => sum + tally[name], 0);
  return {
    scenes: new Set(tallies.map(({ scene }) => scene)).size,
    applied: total('applied'),
    held: total('held'),
    notOk: total('notOk'),
    changed: total('changed'),
    excused,
    slowestMs: Math.round(Math.max(0, ...tallies.map(({ slowestMs }) => slowestMs))),
    failures: tallies.flatMap(({ failures }) => failures),
  };
}

/** One failure in a few lines, with all that it takes to see it again. */
export function tell({ scene, wrong, spoilt, reading }: Failure): string {
  return [`${scene}: ${wrong}`, ...spoilt.map((each) => `    ${each}`), `    read as ${JSON.stringify(reading)}`].join(
    '\n',
  );
}
