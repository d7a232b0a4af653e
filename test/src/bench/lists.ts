import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fillStore } from '@postern/server/audit/testing/stored-log';
import { readConfig } from '@postern/server/config-read';
import { day, toTimestamp } from '@postern/shared/time';
import { migrate } from '@postern/server/storage/open-store';
import { runJson } from '../support/command.ts';
import { loadEnvironment } from '../support/load-scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { round } from './figures.ts';
import { fillFleet } from './lists-fleet.ts';
import { type Question, questionsOf } from './list-questions.ts';

/**
 * `npm run bench lists [-- --json --devices N --requests N --entries N --rounds N --seed N]`: how long each list of the admin API takes on SQLite,
 * with and without filters, one question after the other, over HTTP, and how much of a core. What is above the limit is asked once more when all else is
 * done: what is slow by itself is slow again. Ends with 1 when the p99 of one is above the limit both times.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    devices: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '100000' },
    entries: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const limitMs = 150;

interface Measured {
  list: string;
  p50Ms: number;
  p99Ms: number;
  worstMs: number;
  cpuMs: number;
  /** Where it was asked again, that of the first time. */
  firstP99Ms?: number;
}

const [devices, requests, entries, rounds, seed] = [
  values.devices,
  values.requests,
  values.entries,
  values.rounds,
  values.seed,
].map(Number) as [number, number, number, number, number];
const reviews = Math.ceil(requests / 25);
const say = (line: string) => (values.json === true ? console.error(line) : console.log(line));

const folder = mkdtempSync(join(tmpdir(), 'postern-bench-lists-'));
const env: Record<string, string> = { ...(await loadEnvironment(folder)), POSTERN_LIMIT_ADMIN: '100000000' };
const { databaseUrl } = readConfig(env);
await migrate(databaseUrl);
const filling = performance.now();
fillFleet(databaseUrl.slice('sqlite:'.length), { devices, requests, reviews, seed }, Date.now());
fillStore(databaseUrl, { entries, seed });
say(
  `seed ${seed}: ${devices} devices, ${requests} requests, ${reviews} reviews, ${entries} entries of the audit, put in within ${seconds(filling)} s`,
);

const { child } = await startServerProcess(env);
let measured: Measured[] = [];
let swept = 0;
let yearSeconds = 0;
try {
  const { answer } = await runJson<{ token: string }>(
    'postern-server',
    ['admin-token', '--user', 'bench@example.org', '--role', 'admin'],
    env,
  );
  const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
  const get = async (path: string, query: Readonly<Record<string, string>> = {}) => {
    const reply = await fetch(`${url}${path}?${new URLSearchParams(query).toString()}`, {
      headers: { authorization: `Bearer ${answer.token}` },
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path} ${JSON.stringify(query)}: ${reply.status} ${text}`);
    return text;
  };
  const read = async <Answer>(...of: Parameters<typeof get>) => JSON.parse(await get(...of)) as Answer;

  // What a new server does with a fleet and a log that it has never seen is no part of asking for lists.
  const sweeping = performance.now();
  while ((await read<{ notLookedAt: number }>('/v1/admin/devices/facets')).notLookedAt > 0) await wait(500);
  swept = Number(seconds(sweeping));
  const signed = async () => {
    const { items } = await read<{ items: { size: number }[] }>('/v1/admin/audit/checkpoints', { limit: '1' });
    return items[0]?.size ?? 0;
  };
  while ((await signed()) < entries) await wait(500);
  say(`looked through all devices for the first time within ${swept} s`);
  // Those of 30 days are counted each minute; whoever asks for another period first has to wait for it.
  await get('/v1/admin/analytics');
  const counting = performance.now();
  await get('/v1/admin/analytics', { days: '365' });
  yearSeconds = Number(seconds(counting));
  say(`counted the reports of a year for the first time within ${yearSeconds} s`);

  const page = await read<{ items: { id: string; owner: { id: string } }[]; next: string }>('/v1/admin/devices');
  const audit = await read<{ items: { actor: { id: string | null }; subject: { id: string } | null }[] }>(
    '/v1/admin/audit',
    { after: String(entries), limit: '100' },
  );
  const known = {
    device: page.items[50]?.id ?? '',
    middle: `dev_bb${Math.floor(devices / 2)
      .toString(16)
      .padStart(30, '0')}`,
    owner: page.items[50]?.owner.id ?? '',
    actor: audit.items.find(({ actor }) => actor.id !== null)?.actor.id ?? '',
    subject: audit.items.find(({ subject }) => subject !== null)?.subject?.id ?? '',
    seq: String(Math.floor(entries / 2)),
    lately: toTimestamp(Date.now() - 7 * day),
  };
  const questions = questionsOf(await read('/v1/openapi.json'), known);
  const measure = async ({ path, query, name }: Question): Promise<Measured> => {
    const took: number[] = [];
    const cpuBefore = await cpuSeconds(url);
    for (let count = 0; count < rounds; count += 1) {
      const start = performance.now();
      await get(path, query);
      took.push(performance.now() - start);
    }
    const cpuMs = round((((await cpuSeconds(url)) - cpuBefore) * 1000) / rounds, 1);
    took.sort((a, b) => a - b);
    const at = (share: number) => round(took[Math.ceil(took.length * share) - 1] ?? 0, 1);
    return { list: name, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1), cpuMs };
  };
  for (const question of questions) measured.push(await measure(question));
  const again = new Map<string, Measured>();
  for (const question of questions) {
    if (measured.some(({ list, p99Ms }) => list === question.name && p99Ms > limitMs))
      again.set(question.name, await measure(question));
  }
  measured = measured.map((first) => ({ ...(again.get(first.list) ?? first), firstP99Ms: first.p99Ms }));
} finally {
  await endProcess(child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

const tooSlow = measured.filter(({ p99Ms }) => p99Ms > limitMs);
const result = {
  devices,
  requests,
  reviews,
  entries,
  seed,
  rounds,
  limitMs,
  sweptSeconds: swept,
  yearSeconds,
  loadAverage: round(loadavg()[0] ?? 0, 1),
  lists: measured,
  tooSlow: tooSlow.length,
};
if (values.json === true) console.log(JSON.stringify(result));
else {
  for (const { list, p50Ms, p99Ms, worstMs, cpuMs, firstP99Ms = p99Ms } of measured)
    say(
      `${p99Ms > limitMs ? 'TOO SLOW' : '        '} p50 ${p50Ms} ms, p99 ${p99Ms} ms, worst ${worstMs} ms, ${cpuMs} ms of a core  ${list}${firstP99Ms === p99Ms ? '' : ` (p99 ${firstP99Ms} ms the first time)`}`,
    );
  say(`${tooSlow.length} of ${measured.length} are above ${limitMs} ms; load average ${result.loadAverage}`);
}
process.exitCode = tooSlow.length === 0 ? 0 : 1;

/** Of the whole server: what a busy machine does not make larger. */
async function cpuSeconds(url: string): Promise<number> {
  const text = await fetch(`${url}/metrics`).then((reply) => reply.text());
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
