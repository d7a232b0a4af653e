import { createHash } from 'node:crypto';
import { auditEventTypes, type AuditEvent } from '../event.ts';
import { chainEvent, type ChainHead } from '../chain.ts';
import { signCheckpoint } from '../checkpoints/checkpoint.ts';
import { type NoteSigner, noteSigner } from '../checkpoints/signed-note.ts';
import { logFormat } from '../log-file/format.ts';
import { writeLines } from '../log-file/write-log.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { hashLeaf } from '../merkle/hash.ts';
import type { StoredEntry } from '../stored-entry.ts';

export interface LogPlan {
  entries: number;
  checkpointEvery: number;
  /** The same seed gives the same entries. */
  seed: number;
  chainId?: string;
  withText?: boolean;
  /** Texts that look like the ends of lines and members. */
  hostile?: boolean;
  /** What people wrote, one after the other, instead of what is drawn. */
  texts?: readonly string[];
}

export interface MadeLog {
  plan: LogPlan;
  text: string;
  key: string;
  head: ChainHead;
  notes: string[];
}

const start = Date.UTC(2026, 9, 21);
/** 100,000 of them fill a month. */
const everyMs = 26_000;
const hostileTexts = [
  '"}\n{"entry":"x"}',
  '\\',
  '\u2028\u2029',
  '\n\n\u2014 a b\n',
  '=1+1',
  '🔓"',
  '{"end":{"entries":0}}',
];

function random(seed: number, index: number): Buffer {
  return createHash('sha256').update(`${seed}/${index}`).digest();
}

/** Something that happened in a month of simulated life: mostly tokens, as in a real log. */
export function simulatedEvent(plan: LogPlan, index: number): AuditEvent {
  const drawn = random(plan.seed, index);
  const draw = (at: number, below: number) => drawn.readUInt16LE(at) % below;
  const type = draw(0, 10) < 7 ? 'token.issued' : (auditEventTypes[draw(2, auditEventTypes.length)] ?? 'token.issued');
  const said =
    plan.hostile === true ? (hostileTexts[draw(4, hostileTexts.length)] ?? '') : `because of ${draw(4, 9999)}`;
  return {
    at: start + index * everyMs,
    type,
    outcome: type.endsWith('refused') ? 'failure' : 'success',
    actor: { kind: 'person', id: `usr_${drawn.toString('hex').slice(0, 32)}` },
    subject: draw(6, 5) === 0 ? null : { kind: 'device', id: plan.hostile === true ? said : `dev_${draw(8, 400)}` },
    data: {
      resource: `https://app-${draw(10, 40)}.example`,
      expiresAt: start + index,
      exceptions: [],
      said: plan.hostile === true ? said : null,
    },
    ...textOf(plan, index, draw(12, 4) === 0 || index === 0 ? said : undefined),
  };
}

function textOf({ texts }: LogPlan, index: number, drawn: string | undefined): { text?: string } {
  const text = texts === undefined ? drawn : texts[index];
  return text === undefined ? {} : { text };
}

const keyOf = (chainId: string, byte: number) => noteSigner(Buffer.alloc(32, byte), `postern.example/audit/${chainId}`);

/** A whole log file, signed, made without a database. */
export async function makeLog(plan: LogPlan): Promise<MadeLog> {
  return write(plan, (index) => simulatedEvent(plan, index), keyOf(plan.chainId ?? 'chain', 7));
}

/**
 * A log that was rewritten from an entry on by somebody who does not have the key: with the signatures as they were, without
 * those that would show it, or signed anew with a key of their own.
 */
export async function forgedLog(
  { plan, notes, key }: MadeLog,
  from: number,
  { signatures }: { signatures: 'kept' | 'dropped' | 'own' },
): Promise<MadeLog> {
  const own = keyOf(plan.chainId ?? 'chain', 66);
  const eventOf = (index: number): AuditEvent => {
    const event = simulatedEvent(plan, index);
    return index + 1 === from ? { ...event, data: { ...event.data, forged: true } } : event;
  };
  return write(
    plan,
    eventOf,
    own,
    (size, note) => {
      if (signatures === 'own') return note;
      const kept = notes.find((each) => each.split('\n')[1] === String(size));
      return signatures === 'dropped' && size >= from ? undefined : kept;
    },
    signatures === 'own' ? own.vkey : key,
  );
}

async function write(
  plan: LogPlan,
  eventOf: (index: number) => AuditEvent,
  signer: NoteSigner,
  noteOf: (size: number, note: string) => string | undefined = (_size, note) => note,
  key = signer.vkey,
): Promise<MadeLog> {
  const { entries, checkpointEvery, chainId = 'chain', withText = true } = plan;
  const rows: StoredEntry[] = [];
  const checkpoints: { size: number; note: string }[] = [];
  const tree = new CompactRange();
  let head: ChainHead = { seq: 0, hash: chainId };
  for (let index = 0; index < entries; index += 1) {
    const chained = chainEvent(head, eventOf(index), () => random(plan.seed, -1 - index).toString('base64url'));
    ({ head } = chained);
    rows.push({ ...chained.row, salt: chained.text?.salt ?? null, text: chained.text?.text ?? null });
    tree.append(hashLeaf(chained.row.entry));
    const size = index + 1;
    if (size % checkpointEvery !== 0 && size !== entries) continue;
    const note = noteOf(size, signCheckpoint(signer, { origin: signer.name, size, root: tree.root() }));
    if (note !== undefined) checkpoints.push({ size, note });
  }
  const header = { format: logFormat, chain: chainId, key, head } as const;
  let text = '';
  for await (const line of writeLines(header, each(rows), each(checkpoints), withText)) text += line;
  return { plan, text, key, head, notes: checkpoints.map(({ note }) => note) };
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
