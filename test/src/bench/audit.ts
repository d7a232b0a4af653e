import { parseArgs } from 'node:util';
import { verifyLog } from '@postern/server/audit/index';
import { makeLog } from '@postern/server/audit/testing/made-log';

/** `npm run bench audit [-- --json --entries N]`: how long it takes to prove an exported log offline, on one core. */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, entries: { type: 'string', default: '100000' } },
});
const entries = Number(values.entries);
// A checkpoint a minute, as a server signs them.
const { text } = await makeLog({ entries, checkpointEvery: 3, seed: 1 });
const file = Buffer.from(text);
const piece = 1024 * 1024;
const pieces = Array.from({ length: Math.ceil(file.length / piece) }, (_, at) =>
  file.subarray(at * piece, (at + 1) * piece),
);

const start = performance.now();
const { outcome } = await verifyLog(pieces);
const seconds = (performance.now() - start) / 1000;
const result = {
  entries,
  megabytes: Math.round(file.length / 1e6),
  outcome,
  seconds: Number(seconds.toFixed(2)),
  entriesPerSecond: Math.round(entries / seconds),
};
console.log(
  values.json === true
    ? JSON.stringify(result)
    : `${entries} entries (${result.megabytes} MB) are ${outcome}: proven in ${result.seconds} s, ${result.entriesPerSecond} a second`,
);
