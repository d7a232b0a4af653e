import { parseArgs } from 'node:util';
import { readConfig } from '@postern/server/config-read';
import { defaultPolicy } from '@postern/server/policy/index';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { setTimeout as wait } from 'node:timers/promises';
import { runJson } from '../support/command.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Figures, shoot } from './load.ts';
import { putDevices } from './replay-fleet.ts';
import { Target } from './target.ts';

/**
 * `node test/src/bench/replay.ts [--devices N] [--json] [--store postgres] [--rounds N]`: how long a replay over the
 * whole fleet takes, and what it costs those who ask for tokens meanwhile. Tokens a second are measured before each
 * replay and while it runs, with requests that were signed beforehand.
 */
const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '100000' },
    json: { type: 'boolean' },
    store: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '3' },
    lanes: { type: 'string', default: '16' },
    shots: { type: 'string', default: '500' },
  },
});
const devices = Number(values.devices);
const say = (line: string) => (values.json === true ? console.error(line) : console.log(line));

/** Stricter than the one in force in three places, and looser in one. */
const draft = defaultPolicy()
  .replace('value.enabled && value.delaySeconds <= 900', 'value.enabled && value.delaySeconds <= 300')
  .replace('versionAtLeast(value.build, "22631")', 'versionAtLeast(value.build, "26100")')
  .replace('daysSince(value.installedAt) <= 45.0', 'daysSince(value.installedAt) <= 30.0')
  .replace('value.freePercent >= 5', 'value.freePercent >= 2');

interface Round {
  before: Figures;
  during: Figures;
  after: Figures;
  seconds: number;
  /** Of the whole server over the replay, less what as many tokens cost before. */
  cpuSeconds: number;
}

const postgres = values.store === 'postgres' ? await startPostgres() : undefined;
if (postgres !== undefined && 'unavailable' in postgres) throw new Error(postgres.unavailable);
const target = await Target.start(
  await postgres?.createDatabase(),
  Number(values.lanes),
  `${defaultPolicy()}# published anew\n`,
);
const rounds: Round[] = [];
let summary: PolicyReplay['summary'] = null;
try {
  await shoot(target.url, await target.attestationShots(1));
  const putting = performance.now();
  await putDevices(readConfig(target.env).databaseUrl, devices, Date.now());
  say(`${devices} devices were put in within ${((performance.now() - putting) / 1000).toFixed(1)} s`);
  const { answer } = await runJson<{ token: string }>('postern-server', ['admin-token'], target.env);
  const call = async (method: string, path: string, body?: object): Promise<PolicyReplay> => {
    const reply = await fetch(`${target.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${answer.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(await reply.text());
    return (await reply.json()) as PolicyReplay;
  };
  const shots = () => target.tokenShots(Number(values.shots));
  // The compiler works beside the first requests.
  await shoot(target.url, await shots());
  for (let number = 1; number <= Number(values.rounds); number += 1) {
    const signed = [await shots(), await shots(), await shots()] as const;
    const before = await shoot(target.url, signed[0]);
    const cpuBefore = await target.cpuSeconds();
    const started = performance.now();
    const { id } = await call('POST', '/v1/admin/policy-replays', { document: draft });
    const during = await shoot(target.url, signed[1]);
    const running = await call('GET', `/v1/admin/policy-replays/${id}`);
    if (running.state !== 'running') say('the replay ended before the tokens did: take fewer --shots');
    let replay = running;
    while (replay.state === 'running') {
      await wait(50);
      replay = await call('GET', `/v1/admin/policy-replays/${id}`);
    }
    const seconds = (performance.now() - started) / 1000;
    const cpuSeconds = (await target.cpuSeconds()) - cpuBefore;
    const after = await shoot(target.url, signed[2]);
    if (replay.state !== 'done') throw new Error(`the replay is ${replay.state}`);
    ({ summary } = replay);
    rounds.push({ before, during, after, seconds, cpuSeconds });
    say(
      `round ${number}: ${seconds.toFixed(1)} s, tokens/s ${before.perSecond.toFixed(0)} before, ${during.perSecond.toFixed(0)} during, ${after.perSecond.toFixed(0)} after`,
    );
  }
} finally {
  await target.stop();
  if (postgres !== undefined) await postgres.stop();
}

const median = (of: (round: Round) => number) =>
  rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0;
const seconds = median((round) => round.seconds);
const alone = median(({ before, after }) => (before.perSecond + after.perSecond) / 2);
const during = median((round) => round.during.perSecond);
const result = {
  store: values.store,
  devices,
  seconds: Number(seconds.toFixed(2)),
  devicesPerSecond: Math.round(devices / seconds),
  tokensPerSecondAlone: Math.round(alone),
  tokensPerSecondDuring: Math.round(during),
  tokensLostPercent: Number(((1 - during / alone) * 100).toFixed(1)),
  tokenP99MsAlone: Number(median((round) => round.before.p99Ms).toFixed(2)),
  tokenP99MsDuring: Number(median((round) => round.during.p99Ms).toFixed(2)),
  cpuSecondsOfServer: Number(median((round) => round.cpuSeconds).toFixed(1)),
  changed: summary?.changes ?? null,
};
if (values.json === true) console.log(JSON.stringify(result));
else say(JSON.stringify(result, null, 2));
