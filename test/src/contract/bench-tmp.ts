import { startPostgres } from '../support/postgres.ts';
import { migrate, openStore } from '@postern/server/storage/open-store';
import { insert, updateOne } from '@postern/server/storage/change';
import { mkdtempSync } from 'node:fs';
const pgs = await startPostgres();
if ('unavailable' in pgs) throw new Error(pgs.unavailable);
const dir = mkdtempSync('/tmp/postern-bench-');
for (const url of ['sqlite:' + dir + '/a.db', await pgs.createDatabase()]) {
  console.log(await migrate(url), await migrate(url));
  const store = await openStore(url);
  const D = 200;
  const users = { changes: [insert('users', {id:'u', name:'n', email:'e', roles:'[]', active:1, created_at:1})], audit: []};
  await store.commit(users);
  for (let d = 0; d < D; d++) await store.commit({ changes: [insert('devices', {id:'dev_'+d, owner_id:'u', name:'x', platform:'linux', agent_version:'1', state:'active', jwk:'{}', jkt:'j'+d, key_provider:'file', key_protection:'software', quarantine_cause:null, quarantined_at:null, enrolled_at:1, exception_epoch:0}), insert('evidence', {device_id:'dev_'+d, seq:0, hash:'h', received_at:1})], audit: []});
  const seqs = Array.from({length: D}, () => 0);
  const hash = 'By-ZoSx3v8PDWCKFYHmFnrSL7Ndv-ApLHvmrwneMce4';
  const attest = async (d: number) => { const s = seqs[d]!++; await store.commit({ changes: [insert('attestations', {device_id:'dev_'+d, seq:s+1, hash, received_at:1700000000000}), updateOne('evidence', {device_id:'dev_'+d, seq:s}, {seq:s+1, hash, received_at:1700000000000})], audit: []}); };
  let k = 0;
  const token = async (d: number) => { const i = 'tok_'+store.kind+(k++); await store.commit({ changes: [insert('replays', {key: 'k'+i, expires_at: 5}), insert('replays', {key: 'j'+i, expires_at: 5}), insert('access_tokens', {id: i, device_id: 'dev_'+d, person_id:'u', resource:'demo', scope:null, issued_at:1, expires_at:2, exceptions:'[]', revoked_at:null})], audit: [{at:1, type:'token.issued', outcome:'success', actor:{kind:'device', id:'dev_'+d}, subject:{kind:'device', id:'dev_'+d}, data:{token:i, resource:'demo'}}]}); };
  for (const [name, work] of [['attest', attest], ['token', token]] as const) for (const n of [1, 64]) {
    const N = n === 1 ? 2000 : 20000; 
    for (let round=0; round<3; round++) {
    let i = 0; const b = store.roundTrips(); const a = performance.now(); const cpu = process.cpuUsage();
    await Promise.all(Array.from({length:n}, async (_, w) => { while (i++ < N) await work((w*3 + (i%3)) % D); }));
    const ms = performance.now() - a; const c = process.cpuUsage(cpu);
    console.log(store.kind, name, n, Math.round(N/ms*1000)+'/s', 'cpu us', Math.round((c.user+c.system)/N), 'writes', store.roundTrips().writes - b.writes);
    }
  }
  await store.close();
}
await pgs.stop();
