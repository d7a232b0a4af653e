import { parseArgs } from 'node:util';
import { proofs } from './proofs.ts';

/** `npm run proof [name] [-- --seed N]`: the long form of a proof, with its seed printed. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, kills: { type: 'string' }, changes: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const chosen = positionals.length === 0 ? proofs.map(({ name }) => name) : positionals;
const unknown = chosen.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(
    `There is no proof ${unknown.join(', ')}. There are: ${proofs.map(({ name, about }) => `\n  ${name}: ${about}`).join('')}`,
  );
  process.exit(2);
}

let held = true;
for (const { name, run } of proofs.filter((proof) => chosen.includes(proof.name))) {
  console.log(`${name}: seed ${seed}`);
  const holds = await run({
    seed,
    kills: Number(values.kills ?? 50),
    changes: Number(values.changes ?? 1000),
    say: (line) => console.log(`  ${line}`),
  });
  console.log(`${name}: ${holds ? 'holds' : 'DOES NOT HOLD'} (seed ${seed})`);
  held &&= holds;
}
process.exit(held ? 0 : 1);
