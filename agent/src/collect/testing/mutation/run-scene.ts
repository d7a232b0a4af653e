import type { Reading } from '@postern/shared/protocol/reading';
import fc from 'fast-check';
import { collect } from '../../collect.ts';
import { excuseFor } from './excuses.ts';
import { spoil, textOf, type OtherAnswer, type Spoilt } from './spoil.ts';
import { keyOf, withAnswers, type Call } from './calls.ts';
import { wrongWith } from './judge.ts';
import { oneOf } from './mutation.ts';
import type { Scene } from './scene.ts';

/** Where to bite, drawn at random: the question, the mutation, and where and how it bites. */
export interface Step {
  question: number;
  which: number;
  where: number;
  how: number;
}

const number = fc.nat({ max: 1_000_000 });
/** Mostly one answer is spoilt, sometimes two. */
export const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.nat({ max: 4 }),
    fc.array(fc.record({ question: number, which: number, where: number, how: number }), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([second, both]) => (second === 0 ? both : both.slice(0, 1)));

export interface Failure {
  scene: string;
  /** The answers that were spoilt, and how. */
  spoilt: string[];
  wrong: string;
  reading: unknown;
}

export interface Tally {
  scene: string;
  /** Mutations that changed an answer. */
  applied: number;
  /** Of those, such that no reading may come out better of. */
  held: number;
  /** Of those, such as are excused, by why. */
  excused: Map<string, number>;
  /** Readings that were no value. */
  notOk: number;
  /** Values that are not the truth. */
  changed: number;
  slowestMs: number;
  failures: Failure[];
}

export interface Staged {
  name: string;
  scene: Scene;
  truth: Reading;
  /** What the collector asks of the machine when nothing is spoilt. */
  calls: readonly Call[];
  /** Of those, such as were answered with what is there. */
  telling: readonly Call[];
}

/** What the other machines of the same system answered, to put in the place of an answer. */
export function othersOf(staged: Staged, all: readonly Staged[]): OtherAnswer[] {
  const { platform } = staged.scene.system;
  const others = all.filter((other) => other !== staged && other.scene.system.platform === platform);
  return others.flatMap(({ calls }) => calls.flatMap((call) => textOf(call) ?? []));
}

/** Reads the machine as it is. */
export async function stage(scene: Scene): Promise<Staged> {
  const asked = new Map<string, Call>();
  const truth = await readWith(scene, new Map(), asked);
  const name = `${scene.collector.check.id}, ${scene.system.platform}, ${scene.name}`;
  if (truth === undefined) throw new Error(`${name}: no reading`);
  const calls = [...asked.values()];
  return { name, scene, truth, calls, telling: calls.filter(isTelling) };
}

function isTelling({ answer }: Call): boolean {
  return answer !== undefined && !(typeof answer === 'object' && 'outcome' in answer && answer.outcome === 'absent');
}

async function readWith(
  scene: Scene,
  exchanged: ReadonlyMap<string, Call>,
  asked = new Map<string, Call>(),
): Promise<Reading | undefined> {
  const { collector, wish } = scene;
  const { id } = collector.check;
  const readings = await collect(withAnswers(scene.system, exchanged, asked), [collector], {
    targets: { [id]: wish?.targets ?? [] },
    identifierKey: wish?.identifierKey ?? null,
  });
  return readings[id];
}

/** Spoils the machine as the steps say; what has nothing to bite into is left out. */
export function spoiltBy(staged: Staged, taken: readonly Step[], others: readonly OtherAnswer[]): Spoilt[] {
  const spoilt: Spoilt[] = [];
  for (const { question, which, where, how } of taken) {
    // Most of the questions are about what is not there, and there is little to spoil in that.
    const isAnyCall = question % 4 === 0 || staged.telling.length === 0;
    const call = oneOf(isAnyCall ? staged.calls : staged.telling, question >> 2);
    if (call === undefined || spoilt.some((other) => keyOf(other.call) === keyOf(call))) continue;
    // Most mutations need something to bite into: a few are tried before the question is given up.
    for (let turn = 0; turn < 60; turn += 1) {
      const one = spoil(call, which + turn, { where, how }, others);
      if (one === undefined) continue;
      spoilt.push(one);
      break;
    }
  }
  return spoilt;
}

/** Reads the spoilt machine and counts what came of it. */
export async function judgeSpoilt(staged: Staged, spoilt: readonly Spoilt[], tally: Tally): Promise<void> {
  const { scene, truth, name } = staged;
  const { id } = scene.collector.check;
  const started = performance.now();
  const reading = await readWith(scene, new Map(spoilt.map(({ call }) => [keyOf(call), call])));
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - started);
  tally.applied += 1;
  const excuse = spoilt
    .map(({ call, mutation }) => excuseFor(id, call, mutation.name))
    .find((each) => each !== undefined);
  const breaks =
    excuse === undefined && spoilt.every(({ mutation }) => mutation.breaks === 'form') ? 'form' : 'meaning';
  if (breaks === 'form') tally.held += 1;
  if (excuse !== undefined) tally.excused.set(excuse.why, (tally.excused.get(excuse.why) ?? 0) + 1);
  if (reading?.status !== 'ok') tally.notOk += 1;
  else if (JSON.stringify(reading) !== JSON.stringify(truth)) tally.changed += 1;
  const wrong = wrongWith(id, truth, reading, breaks);
  if (wrong === undefined) return;
  tally.failures.push({
    scene: name,
    spoilt: spoilt.map(
      ({ call, mutation }) => `${mutation.name} @ ${keyOf(call).slice(0, 160)}\n${shown(call.answer)}`,
    ),
    wrong,
    reading,
  });
}

function shown(answer: unknown): string {
  const text = JSON.stringify(answer) ?? 'undefined';
  return text.length > 1500 ? `${text.slice(0, 1200)} … (${text.length})` : text;
}

export function newTally(scene: string): Tally {
  return { scene, applied: 0, held: 0, excused: new Map(), notOk: 0, changed: 0, slowestMs: 0, failures: [] };
}

/** As many spoilt machines as are asked for. Those that come of two steps are tried with each step alone when they fail. */
export async function runScene(
  staged: Staged,
  runs: number,
  seed: number,
  others: readonly OtherAnswer[],
): Promise<Tally> {
  const tally = newTally(staged.name);
  for (const taken of fc.sample(steps, { numRuns: runs, seed })) {
    const spoilt = spoiltBy(staged, taken, others);
    if (spoilt.length > 0) await judgeSpoilt(staged, spoilt, tally);
  }
  return tally;
}
