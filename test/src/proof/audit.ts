import { verifyLog, type LogKnowledge } from '@postern/server/audit/index';
import { forgedLog, makeLog, type MadeLog } from '@postern/server/audit/testing/made-log';
import { seededRandom } from '../support/seeded-random.ts';

export interface AuditProof {
  seed: number;
  say: (line: string) => void;
  /** 100,000 fill a month. */
  entries?: number;
  /** How often each kind of damage is done. */
  times?: number;
}

const limitSeconds = 10;
const newline = 0x0a;

/**
 * The log of a month, and then each kind of damage to it. The whole log is verified for every kind, and thousands of times
 * a stretch of it: a damage is found where it is, and everything before it says nothing about it.
 */
export async function proveAudit({ seed, say, entries = 100_000, times = 2000 }: AuditProof): Promise<boolean> {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const tell = counter(say);

  const month = await makeLog({ entries, checkpointEvery: 100, seed });
  const whole = Buffer.from(month.text);
  const started = performance.now();
  await tell.expect('intact', 'as it was written', whole, { key: month.key, head: month.head });
  const seconds = (performance.now() - started) / 1000;
  say(`${entries} entries, ${Math.round(whole.length / 1e6)} MB, proven in ${seconds.toFixed(2)} s`);
  if (seconds > limitSeconds) tell.fail(`it takes longer than ${limitSeconds} s`);

  const few = 5;
  for (let round = 0; round < few; round += 1) {
    await damage(month, whole, tell, below);
    await forge(month, 1 + below(entries), tell);
  }
  const stretch = await makeLog({ entries: 200, checkpointEvery: 20, seed: seed + 1 });
  const bytes = Buffer.from(stretch.text);
  for (let round = 0; round < times; round += 1) {
    await damage(stretch, bytes, tell, below);
    if (round % 20 === 0) await forge(stretch, 1 + below(200), tell);
  }
  tell.sum();
  return tell.held();
}

type Teller = ReturnType<typeof counter>;

/** One of each kind of damage that a disk, a copy or a hasty hand does. */
async function damage(log: MadeLog, bytes: Buffer, tell: Teller, below: (limit: number) => number): Promise<void> {
  const changed = Buffer.from(bytes);
  const at = below(bytes.length);
  changed[at] = (changed[at] ?? 0) ^ (1 + below(255));
  await tell.expect('altered', 'one byte is another', changed);

  await tell.expect('truncated', 'cut off anywhere', bytes.subarray(0, below(bytes.length)));
  const ends = lineEnds(bytes);
  const which = below(ends.length - 1);
  await tell.expect('truncated', 'cut off after a line', bytes.subarray(0, ends[which]));

  const line = bytes.subarray(ends[which - 1] ?? 0, ends[which]);
  const without = Buffer.concat([bytes.subarray(0, ends[which - 1] ?? 0), bytes.subarray(ends[which])]);
  await tell.expect('missing', 'a line is gone', without);
  const twice = Buffer.concat([bytes.subarray(0, ends[which]), line, bytes.subarray(ends[which])]);
  await tell.expect('altered', 'a line stands twice', twice);

  const next = bytes.subarray(ends[which], ends[which + 1]);
  const swapped = Buffer.concat([bytes.subarray(0, ends[which - 1] ?? 0), next, line, bytes.subarray(ends[which + 1])]);
  await tell.expect('missing', 'two lines changed places', swapped);

  const longer = await tell.judge(bytes, { head: { seq: log.head.seq + 1 + below(100), hash: 'a'.repeat(43) } });
  tell.count('truncated', 'shorter than a head that was kept', longer);
}

/** What somebody does who can write to everything, and has only not the key. */
async function forge(log: MadeLog, from: number, tell: Teller): Promise<void> {
  const forged = async (signatures: 'kept' | 'dropped' | 'own') =>
    Buffer.from((await forgedLog(log, from, { signatures })).text);
  await tell.expect('forked', 'rewritten under the old signatures', await forged('kept'));
  await tell.expect('unsigned', 'rewritten, the signatures left out', await forged('dropped'));
  const own = await forged('own');
  await tell.expect('unsigned', 'rewritten and signed by another key, against the right one', own, { key: log.key });
  await tell.expect('forked', 'the same against a checkpoint', own, { checkpoints: log.notes.slice(-1) });
  await tell.expect('forked', 'the same against a head', own, { head: log.head });
}

function lineEnds(bytes: Buffer): number[] {
  const ends = [];
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) ends.push(at + 1);
  return ends;
}

function counter(say: (line: string) => void) {
  const counts = new Map<string, number>();
  let failures = 0;
  const fail = (why: string) => {
    failures += 1;
    if (failures < 20) say(`NOT: ${why}`);
  };
  const judge = async (bytes: Buffer, known: LogKnowledge = {}) => (await verifyLog([bytes], known)).outcome;
  const count = (expected: string, what: string, outcome: string) => {
    counts.set(`${what}: ${outcome}`, (counts.get(`${what}: ${outcome}`) ?? 0) + 1);
    if (outcome !== expected) fail(`${what}: ${outcome}, and should be ${expected}`);
  };
  return {
    fail,
    judge,
    count,
    expect: async (expected: string, what: string, bytes: Buffer, known?: LogKnowledge) =>
      count(expected, what, await judge(bytes, known)),
    sum: () => {
      for (const [what, often] of counts) say(`${what} (${often})`);
    },
    held: () => failures === 0,
  };
}
