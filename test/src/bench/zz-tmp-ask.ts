import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { day, toTimestamp } from '@postern/shared/time';
import { runJson } from '../support/command.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { freePort } from '../support/free-port.ts';
import { questionsOf } from './list-questions.ts';
const env = JSON.parse(readFileSync('/tmp/lists-work/env.json', 'utf8')) as Record<string, string>;
env['POSTERN_PORT'] = String(await freePort());
const only = new RegExp(process.argv[2] ?? '.');
const rounds = Number(process.argv[3] ?? 20);
const { child, output } = await startServerProcess(env, process.env['PROF'] ? [] : []);
try {
  const { answer } = await runJson<{ token: string }>('postern-server', ['admin-token', '--user', 'bench@example.org', '--role', 'admin'], env);
  const url = `http://127.0.0.1:${env['POSTERN_PORT']}`;
  const get = async (path: string, query: Record<string, string> = {}) => {
    const reply = await fetch(`${url}${path}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${answer.token}` } });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path} ${JSON.stringify(query)} ${reply.status} ${text}`);
    return text;
  };
  const read = async (...of: Parameters<typeof get>) => JSON.parse(await get(...of)) as any;
  const cold = performance.now();
  await get('/v1/admin/devices/facets');
  console.log('first facets', performance.now() - cold);
  const begun = performance.now();
  while ((await read('/v1/admin/devices/facets')).notLookedAt > 0) await wait(500);
  while (((await read('/v1/admin/audit/checkpoints', { limit: '1' })).items[0]?.size ?? 0) < 1_000_000) await wait(500);
  console.log('ready after', (performance.now() - begun) / 1000);
  const page = await read('/v1/admin/devices');
  const audit = await read('/v1/admin/audit', { after: '1000000', limit: '100' });
  const known = {
    device: page.items[50].id, middle: `dev_bb${(50_000).toString(16).padStart(30, '0')}`, owner: page.items[50].owner.id,
    actor: audit.items.find(({ actor }: any) => actor.id !== null)?.actor.id ?? '', subject: audit.items.find(({ subject }: any) => subject !== null)?.subject.id ?? '',
    seq: '500000', lately: toTimestamp(Date.now() - 7 * day),
  };
  const questions = questionsOf(await read('/v1/openapi.json'), known).filter(({ name }) => only.test(name));
  for (const { path, query, name } of questions) {
    const took: number[] = [];
    let text = '';
    for (let n = 0; n < rounds; n += 1) { const s = performance.now(); text = await get(path, query); took.push(performance.now() - s); }
    const first = took[0]!;
    const sorted = took.toSorted((a, b) => a - b);
    const answer = JSON.parse(text);
    console.log(`first ${first.toFixed(1)} p50 ${sorted[Math.floor(rounds / 2)]!.toFixed(1)} max ${sorted.at(-1)!.toFixed(1)}  ${name} ${answer.items ? `items ${answer.items.length} next ${answer.next}` : ''}`);
    if (process.env['SHOW']) console.log(text.slice(0, 1500));
  }
} finally { await endProcess(child, 'SIGTERM'); if (output()) console.log(output().slice(0, 3000)); }
