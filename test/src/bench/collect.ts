import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `npm run bench collect [-- --json] [-- --rounds N]`: what a whole collection costs on this computer, in a process of its
 * own. The first includes loading the collectors; `kept` is one within a quarter of an hour after another.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
});

interface Cost {
  wallMs: number;
  ownCpuMs: number;
  childrenCpuMs: number;
}

const budget: Cost = { wallMs: 1500, ownCpuMs: 100, childrenCpuMs: 400 };
const script = fileURLToPath(new URL('../../../agent/src/testing/measure-collection.ts', import.meta.url));
const measure = (rounds: number) =>
  JSON.parse(execFileSync(process.execPath, [script, '--rounds', String(rounds)], { encoding: 'utf8' })) as {
    rounds: Cost[];
    kept: Cost;
  };
const median = (costs: readonly Cost[], of: (cost: Cost) => number) =>
  costs.map(of).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
const mediansOf = (costs: readonly Cost[]): Cost => ({
  wallMs: median(costs, ({ wallMs }) => wallMs),
  ownCpuMs: median(costs, ({ ownCpuMs }) => ownCpuMs),
  childrenCpuMs: median(costs, ({ childrenCpuMs }) => childrenCpuMs),
});

const runs = Array.from({ length: Number(values.rounds) }, () => measure(2));
const result = {
  first: mediansOf(runs.map(({ rounds }) => rounds[0] ?? budget)),
  again: mediansOf(runs.map(({ rounds }) => rounds[1] ?? budget)),
  kept: mediansOf(runs.map(({ kept }) => kept)),
  budget,
};
if (values.json === true) console.log(JSON.stringify(result));
else {
  const line = (name: string, { wallMs, ownCpuMs, childrenCpuMs }: Cost) =>
    `${name.padEnd(8)}${String(wallMs).padStart(6)} ms wall${String(ownCpuMs).padStart(6)} ms own CPU${String(childrenCpuMs).padStart(6)} ms CPU of programs`;
  for (const [name, cost] of Object.entries(result)) console.log(line(name, cost));
}
