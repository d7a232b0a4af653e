import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres.ts';
import { measureAlone } from './alone.ts';
import { takeCores } from './cores.ts';
import { LimitProcess } from './limit-process.ts';
import { Rival } from './rival/rival.ts';
import { Target } from './target.ts';
import type { Method } from './token-shots.ts';
import { summarise } from './token-report.ts';
import { inWords } from './token-words.ts';
import { type Contestant, playTokens, type Size, type TokenRounds } from './token-rounds.ts';
import type { TokenServer } from './token-server.ts';
import { playAttestations } from './attestation-rounds.ts';

/**
 * `npm run bench [tokens] [-- --json] [--quick] [--method M] [--store postgres] [--rounds N] [--lanes N]`: Postern beside oidc-provider,
 * one core each, and beside what the signatures alone would allow on that core in the same run. docs/performance.md says what
 * the figures mean. `--store postgres` measures Postern alone: a database on other cores is no pair for a file.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    method: { type: 'string', default: 'all' },
    store: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string' },
    lanes: { type: 'string' },
  },
});
const whole: Size = {
  rounds: 5,
  warmUp: 10_000,
  perRound: { postern: 4800, durable: 1600, memory: 2400, attestations: 2400, alone: 2000 },
  limitMs: 500,
};
/** Shows that everything runs, and no more: nothing is warm by then. */
const quick: Size = {
  rounds: 1,
  warmUp: 64,
  perRound: { postern: 64, durable: 32, memory: 32, attestations: 32, alone: 32 },
  limitMs: 100,
};
const chosen = values.quick ? quick : whole;
const size = { ...chosen, rounds: Number(values.rounds ?? chosen.rounds) };
const lanes = Number(values.lanes ?? (values.quick ? 4 : 16));
// The one object is all that is on stdout with --json.
const say = (line: string) => (values.json ? console.error(line) : console.log(line));

const cores = takeCores();
say(`${cores.about}; nonces are required everywhere; ${lanes} connections`);
const running: { stop(): Promise<void> | void }[] = [];
const started = async <Each extends { stop(): Promise<void> | void }>(starting: Promise<Each>): Promise<Each> => {
  const each = await starting;
  running.unshift(each);
  return each;
};
// Who stands still hears no signal: nothing may be left behind so.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void Promise.allSettled(running.map(async (each) => each.stop())).then(() => process.exit(1));
  });

try {
  const postgres = values.store === 'postgres' ? await startPostgres() : undefined;
  if (postgres !== undefined && 'unavailable' in postgres) throw new Error(postgres.unavailable);
  if (postgres !== undefined) running.unshift(postgres);
  const limit = await started(LimitProcess.start(cores));
  const target = await started(Target.start(await postgres?.createDatabase(), lanes, undefined, cores));
  const servers = new Map<Contestant, TokenServer>([['postern', target]]);
  if (postgres === undefined) {
    servers.set('durable', await started(Rival.start('durable', lanes, cores)));
    servers.set('memory', await started(Rival.start('memory', lanes, cores)));
  }
  const spoken = await target.methods();
  const methods = spoken.filter((method) => values.method === 'all' || method === values.method);
  if (methods.length === 0) throw new Error(`the server speaks ${spoken.join(', ')}, and not ${values.method}`);

  for (const server of servers.values()) server.pause();
  target.resume();
  const attestations = await playAttestations(target, { lanes, size, limit, say });
  const alone = await measureAlone(target, {
    warmUp: size.warmUp,
    perRound: size.perRound.alone,
    rounds: size.rounds,
  });
  target.pause();
  const played = new Map<Method, TokenRounds>();
  for (const method of methods) played.set(method, await playTokens(servers, { method, lanes, size, limit, say }));

  const summary = summarise({ store: values.store, lanes, cores, played, attestations, alone });
  if (values.json) console.log(JSON.stringify(summary));
  else say(inWords(summary));
} finally {
  for (const each of running) await each.stop();
}
