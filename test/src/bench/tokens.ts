import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres.ts';
import { type Figures, shoot } from './load.ts';
import { rawLimit } from './raw-limit.ts';
import { Target } from './target.ts';

/**
 * `npm run bench [tokens] [-- --json] [-- --store postgres] [-- --rounds N]`: tokens and attestations a second, beside what the
 * signatures alone would allow on one core of this machine in the same run. Rounds are interleaved and the median counts.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    store: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '5' },
    lanes: { type: 'string', default: '16' },
  },
});
const lanes = Number(values.lanes);
const perLane = 150;
const say = (line: string) => (values.json === true ? console.error(line) : console.log(line));

interface Round {
  tokens: Figures & { cpuMicros: number };
  attestations: Figures & { cpuMicros: number };
  tokenLimit: number;
  attestationLimit: number;
}

const median = (rounds: readonly Round[], of: (round: Round) => number) =>
  rounds.map(of).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0;

async function measure(target: Target, make: (perLane: number) => Promise<Parameters<typeof shoot>[1]>) {
  const shots = await make(perLane);
  const before = await target.cpuSeconds();
  const figures = await shoot(target.url, shots);
  return { ...figures, cpuMicros: (((await target.cpuSeconds()) - before) / figures.answered) * 1_000_000 };
}

const postgres = values.store === 'postgres' ? await startPostgres() : undefined;
if (postgres !== undefined && 'unavailable' in postgres) throw new Error(postgres.unavailable);
const target = await Target.start(await postgres?.createDatabase(), lanes);
const rounds: Round[] = [];
try {
  // The compiler works beside the first ten thousand requests, and would be counted as theirs.
  for (let warmUp = 0; warmUp < 2; warmUp += 1) {
    await measure(target, (count) => target.attestationShots(count));
    await measure(target, (count) => target.tokenShots(count));
  }
  for (let number = 1; number <= Number(values.rounds); number += 1) {
    const tokenLimit = rawLimit({ verifications: 2, signatures: 1 }, 500);
    const tokens = await measure(target, (count) => target.tokenShots(count));
    const attestationLimit = rawLimit({ verifications: 1, signatures: 0 }, 500);
    const attestations = await measure(target, (count) => target.attestationShots(count));
    rounds.push({ tokens, attestations, tokenLimit, attestationLimit });
    say(
      `round ${number}: ${tokens.perSecond.toFixed(0)} tokens/s, ${attestations.perSecond.toFixed(0)} attestations/s`,
    );
  }
} finally {
  await target.stop();
  if (postgres !== undefined) await postgres.stop();
}

const tokenLimit = median(rounds, (round) => round.tokenLimit);
const attestationLimit = median(rounds, (round) => round.attestationLimit);
const tokenCpuMicros = median(rounds, (round) => round.tokens.cpuMicros);
const attestationCpuMicros = median(rounds, (round) => round.attestations.cpuMicros);
const result = {
  store: values.store,
  connections: lanes,
  tokensPerSecond: Math.round(median(rounds, (round) => round.tokens.perSecond)),
  tokenP50Ms: Number(median(rounds, (round) => round.tokens.p50Ms).toFixed(2)),
  tokenP99Ms: Number(median(rounds, (round) => round.tokens.p99Ms).toFixed(2)),
  tokenCpuMicros: Math.round(tokenCpuMicros),
  tokenLimitPerSecond: Math.round(tokenLimit),
  tokenCpuToLimit: Number((tokenCpuMicros / (1_000_000 / tokenLimit)).toFixed(2)),
  attestationsPerSecond: Math.round(median(rounds, (round) => round.attestations.perSecond)),
  attestationP50Ms: Number(median(rounds, (round) => round.attestations.p50Ms).toFixed(2)),
  attestationP99Ms: Number(median(rounds, (round) => round.attestations.p99Ms).toFixed(2)),
  attestationCpuMicros: Math.round(attestationCpuMicros),
  attestationLimitPerSecond: Math.round(attestationLimit),
  attestationCpuToLimit: Number((attestationCpuMicros / (1_000_000 / attestationLimit)).toFixed(2)),
};

if (values.json === true) console.log(JSON.stringify(result));
else {
  const share = (figure: number, limit: number) => `${((figure / limit) * 100).toFixed(0)} % of the limit`;
  say(`
${result.store}, ${lanes} connections, medians of ${rounds.length} rounds; the limit is the signatures alone on one core
tokens        ${result.tokensPerSecond}/s   p50 ${result.tokenP50Ms} ms   p99 ${result.tokenP99Ms} ms   CPU ${result.tokenCpuMicros} µs (${result.tokenCpuToLimit} × the limit)
              limit ${result.tokenLimitPerSecond}/s (2 verifications, 1 signature)   ${share(result.tokensPerSecond, tokenLimit)}
attestations  ${result.attestationsPerSecond}/s   p50 ${result.attestationP50Ms} ms   p99 ${result.attestationP99Ms} ms   CPU ${result.attestationCpuMicros} µs (${result.attestationCpuToLimit} × the limit)
              limit ${result.attestationLimitPerSecond}/s (1 verification)   ${share(result.attestationsPerSecond, attestationLimit)}`);
}
