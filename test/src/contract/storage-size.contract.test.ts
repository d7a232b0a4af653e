import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import pg from 'pg';
import { onBothStores, type TestDatabase } from './both-stores.ts';
import { device, firstEvidence, unchangedAttestation, user } from './records.ts';

const devices = 40;
const rounds = 50;
const allowedBytes = 400;

/** Bytes on disk, indexes and wasted space included. No store is open: closing the last one tidies up SQLite's file. */
async function size({ kind, url }: TestDatabase): Promise<number> {
  if (kind === 'sqlite') return statSync(url.slice('sqlite:'.length)).size;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum');
  const { rows } = await client.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  await client.end();
  return Number(rows[0]?.bytes);
}

onBothStores('an attestation that says nothing new costs at most 400 bytes', async (t, database) => {
  const ids = Array.from({ length: devices }, (_, index) => `dev_${index.toString(16).padStart(32, '0')}`);
  const empty = await database.open();
  await empty.commit({
    changes: [user('usr_1'), ...ids.flatMap((id) => [device(id, 'usr_1'), firstEvidence(id)])],
    audit: [],
  });
  await empty.close();
  const before = await size(database);
  const store = await database.open();
  for (let seq = 1; seq <= rounds; seq += 1) {
    await Promise.all(ids.map((id) => store.commit({ changes: unchangedAttestation(id, seq), audit: [] })));
  }
  await store.close();
  const bytes = ((await size(database)) - before) / (devices * rounds);
  t.diagnostic(`${bytes.toFixed(0)} bytes each`);
  assert.ok(bytes <= allowedBytes, `${bytes} bytes each`);
});
