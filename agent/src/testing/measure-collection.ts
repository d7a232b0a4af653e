import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { collectEverything, machineReader } from '../collect/machine.ts';
import { everything } from '../collect/request.ts';

/**
 * Collects everything in a fresh process and prints what it cost, as JSON: wall time, CPU of this process, and CPU of the
 * programs that it started (Linux: cutime and cstime of /proc/self/stat, in ticks of 10 ms). `--rounds N` repeats it;
 * `kept` is a collection that may use what was read before.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });

function childrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function measured(work: () => Promise<unknown>) {
  const [cpu, children, start] = [process.cpuUsage(), childrenMs(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs: Math.round(performance.now() - start),
    ownCpuMs: Math.round((user + system) / 1000),
    childrenCpuMs: childrenMs() - children,
  };
}

const reader = machineReader();
const rounds = [];
for (let round = 0; round < Number(values.rounds); round += 1)
  rounds.push(await measured(() => collectEverything(reader)));
const request = { ...everything(null, null), keepForMs: 15 * 60_000 };
await reader.collect(request);
const kept = await measured(() => reader.collect(request));
console.log(JSON.stringify({ rounds, kept }));
