import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { verifyLog } from '@postern/server/audit/index';
import { Checkpointer } from '@postern/server/audit/checkpoints/checkpointer';
import { readLogKey } from '@postern/server/audit/checkpoints/log-key';
import { writeLog } from '@postern/server/audit/log-file/write-log';
import { proveEntry } from '@postern/server/audit/prove-entry';
import { fillStore } from '@postern/server/audit/testing/stored-log';
import { migrate, openStore } from '@postern/server/storage/open-store';
import { systemActor } from '@postern/server/audit/event';

/**
 * `npm run bench audit [-- --json --entries N]`: what one checkpoint and one proof cost over a log of that length, and how
 * long it takes to prove all of it offline, on one core.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, entries: { type: 'string', default: '100000' } },
});
const entries = Number(values.entries);
const folder = mkdtempSync(path.join(tmpdir(), 'postern-bench-audit-'));
const databaseUrl = `sqlite:${path.join(folder, 'postern.db')}`;
await migrate(databaseUrl);
fillStore(databaseUrl, { entries, seed: 1 });
const store = await openStore(databaseUrl);
const config = {
  issuer: 'https://postern.example',
  masterSecret: Buffer.alloc(32, 5).toString('base64url'),
  checkpoints: { everyMs: 60_000, folder: null },
};
const log = { error: console.error };
const node = () => new Checkpointer({ store, config, log });
const now = Date.now();

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
const milliseconds = (took: number) => Number((took * 1000).toFixed(1));
const add = (count: number) =>
  store.commit({
    changes: [],
    audit: Array.from({ length: count }, (_, index) => ({
      at: now,
      type: 'token.issued' as const,
      outcome: 'success' as const,
      actor: systemActor,
      subject: null,
      data: { index },
    })),
  });

const first = await seconds(() => node().signAll(now));
await add(200);
const signer = node();
const afterStart = await seconds(() => signer.signAll(now));
await add(200);
const checkpoint = await seconds(() => signer.signAll(now));
const proofAfterStart = await seconds(() => proveEntry(store, node(), 1 + Math.floor(entries / 3)));
await proveEntry(store, signer, 1);
const proof = await seconds(() => proveEntry(store, signer, 1 + Math.floor(entries / 3)));

const key = await readLogKey(store.read, config);
const pieces: Buffer[] = [];
let piece: string[] = [];
for await (const line of writeLog(store.read, { chainId: key.chainId, key, through: entries + 400, withText: false })) {
  if (piece.push(line) < 2000) continue;
  pieces.push(Buffer.from(piece.join('')));
  piece = [];
}
pieces.push(Buffer.from(piece.join('')));
let outcome = '';
const verifying = await seconds(async () => {
  ({ outcome } = await verifyLog(pieces, { key: key.vkey }));
});
const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
const result = {
  entries,
  megabytes: Math.round(bytes / 1e6),
  outcome,
  seconds: Number(verifying.toFixed(2)),
  entriesPerSecond: Math.round(entries / verifying),
  firstSigningSeconds: Number(first.toFixed(2)),
  checkpointMs: milliseconds(checkpoint),
  checkpointAfterStartMs: milliseconds(afterStart),
  proofMs: milliseconds(proof),
  proofAfterStartMs: milliseconds(proofAfterStart),
};
console.log(
  values.json === true
    ? JSON.stringify(result)
    : [
        `${entries} entries (${result.megabytes} MB) are ${outcome}: proven in ${result.seconds} s, ${result.entriesPerSecond} a second`,
        `all of them signed for the first time: ${result.firstSigningSeconds} s`,
        `one checkpoint over 200 new entries: ${result.checkpointMs} ms, the first after a start ${result.checkpointAfterStartMs} ms`,
        `one inclusion proof: ${result.proofMs} ms, the first after a start ${result.proofAfterStartMs} ms`,
      ].join('\n'),
);
await store.close();
rmSync(folder, { recursive: true, force: true });
