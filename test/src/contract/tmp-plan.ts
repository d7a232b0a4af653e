import { startPostgres } from '/work/main/test/src/support/postgres.ts';
import { migrate, openStore } from '@postern/server/storage/open-store';
import { insert, updateOne } from '@postern/server/storage/change';
import { readDeviceFacts } from '@postern/server/devices/index';
const pgs = await startPostgres();
if ('unavailable' in pgs) throw new Error(pgs.unavailable);
import { mkdtempSync } from 'node:fs';
const dir = mkdtempSync('/tmp/postern-bench-');
for (const url of [await pgs.createDatabase(), 'sqlite:' + dir + '/a.db']) {
await migrate(url);
const store = await openStore(url);
const D = 20000;
await store.commit({ changes: [insert('users', {id:'u', name:'n', email:'e', roles:'[]', active:1, created_at:1})], audit: []});
let a = performance.now();
for (let d = 0; d < D; d+=1000) await Promise.all(Array.from({length:1000}, (_, k) => store.commit({ changes: [insert('devices', {id:'dev_'+(d+k), owner_id:'u', name:'x', platform:'linux', agent_version:'1', state:'active', jwk:'{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}', jkt:'j'+(d+k), key_provider:'file', key_protection:'software', quarantine_cause:null, quarantined_at:null, enrolled_at:1, exception_epoch:0}), insert('evidence', {device_id:'dev_'+(d+k), seq:0, hash:'h', received_at:1})], audit: []})));
console.log('enrol', D/(performance.now()-a)*1000);
const hash = 'By-ZoSx3v8PDWCKFYHmFnrSL7Ndv-ApLHvmrwneMce4';
for (let r = 0; r < 3; r++) { a = performance.now(); 
let d = 0;
await Promise.all(Array.from({length:64}, async () => { while (d < D) { const i = d++; await store.commit({ changes: [insert('attestations', {device_id:'dev_'+i, seq:r+1, hash, received_at:1700000000000}), updateOne('evidence', {device_id:'dev_'+i, seq:r}, {seq:r+1, hash, received_at:1700000000000})], audit: []}); }}));
console.log(store.kind, 'attest 64', Math.round(D/(performance.now()-a)*1000)); }
for (let r=0;r<2;r++) for (const n of [1,64]) { let i=0; const N=3000; a = performance.now(); const c0=process.cpuUsage(); await Promise.all(Array.from({length:n}, async()=>{ while(i++<N) await readDeviceFacts(store.read, {id:'dev_'+i}); })); const c=process.cpuUsage(c0); console.log(store.kind, 'facts', n, Math.round(N/(performance.now()-a)*1000)+'/s', 'cpu', Math.round((c.user+c.system)/N)); }
await store.close();
}
await pgs.stop();
