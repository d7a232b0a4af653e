import { canonicalJson, type Json } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import type { Database } from '../storage/database.ts';
import type { AuditEvent } from './event.ts';

/** The last entry of a chain. Before the first entry it is 0 and the id of the chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** An entry as it is hashed. `prev` of the first one is the chain id, so that chains never share a beginning. */
export interface AuditEntry {
  v: 1;
  seq: number;
  at: number;
  type: string;
  outcome: 'success' | 'failure';
  actor: { kind: string; id: string | null };
  subject: { kind: string; id: string } | null;
  data: { [name: string]: Json };
  textHash: string | null;
  prev: string;
}

export interface ChainedEvent {
  row: Database['audit'];
  text: Database['audit_texts'] | null;
  head: ChainHead;
}

/**
 * Gives an event its place after `head`: canonical JSON (RFC 8785) of the entry, hashed with the hash of the
 * one before. What a person wrote is not in it, only a salted hash: without the salt nobody can tell by
 * trying what an erased text said.
 */
export function chainEvent(head: ChainHead, event: AuditEvent, salt: () => string): ChainedEvent {
  const seq = head.seq + 1;
  const text = event.text === undefined ? null : { seq, salt: salt(), text: event.text };
  const entry: AuditEntry = {
    v: 1,
    seq,
    at: event.at,
    type: event.type,
    outcome: event.outcome,
    actor: { kind: event.actor.kind, id: event.actor.id },
    subject: event.subject === null ? null : { kind: event.subject.kind, id: event.subject.id },
    data: event.data,
    textHash: text === null ? null : textHash(text),
    prev: head.hash,
  };
  const canonical = canonicalEntry(entry);
  const hash = sha256(canonical);
  const row = {
    seq,
    at: event.at,
    type: event.type,
    actor_id: entry.actor.id,
    subject_id: entry.subject?.id ?? null,
    entry: canonical,
    hash,
  };
  return { row, text, head: { seq, hash } };
}

/**
 * What `canonicalJson` makes of an entry, its members written in their order: sorting the same nine names again for each
 * token took three times as long.
 */
function canonicalEntry({ actor, at, data, outcome, prev, seq, subject, textHash: hash, type, v }: AuditEntry): string {
  return (
    `{"actor":{"id":${canonicalJson(actor.id)},"kind":${canonicalJson(actor.kind)}},"at":${canonicalJson(at)}` +
    `,"data":${canonicalJson(data)},"outcome":${canonicalJson(outcome)},"prev":${canonicalJson(prev)},"seq":${seq}` +
    `,"subject":${subject === null ? 'null' : `{"id":${canonicalJson(subject.id)},"kind":${canonicalJson(subject.kind)}}`}` +
    `,"textHash":${canonicalJson(hash)},"type":${canonicalJson(type)},"v":${v}}`
  );
}

/** Salt and text are joined by a line end: a salt with one in it would pass the first lines of the text off as its own. */
const saltForm = /^[\w-]{1,64}$/;

function textHash(text: { salt: string; text: string }): string {
  return sha256(`${text.salt}\n${text.text}`);
}

/** A stored entry. What stands beside it for searching is checked where it is given. */
export type ChainRow = Pick<Database['audit'], 'seq' | 'entry' | 'hash'> &
  Partial<Pick<Database['audit'], 'at' | 'type' | 'actor_id' | 'subject_id'>> & {
    salt?: string | null;
    text?: string | null;
  };

/**
 * - `altered`: the entry is not what was hashed, or what stands beside it contradicts it.
 * - `missing`: the entry of that number is not there, later ones are.
 * - `forked`: the entry is whole, but follows another one than the one before it: two histories are mixed, or the
 *   one before was rewritten together with its hash.
 * - `truncated`: the chain ends before the head that is known from elsewhere.
 */
export type ChainVerdict =
  | { outcome: 'intact'; count: number; head: ChainHead }
  | { outcome: 'altered' | 'missing' | 'forked' | 'truncated'; seq: number };

/** What is known of the chain from elsewhere (meta, a checkpoint, a backup's header). */
export interface ChainKnowledge {
  chainId?: string;
  head?: ChainHead;
}

/**
 * Reads a whole chain in order of sequence numbers and says the first thing that is wrong with it.
 * A rewrite of the very last entry shows only against a head that was kept elsewhere.
 */
export async function verifyChain(
  rows: AsyncIterable<ChainRow> | Iterable<ChainRow>,
  known: ChainKnowledge = {},
): Promise<ChainVerdict> {
  // The head of an empty chain is its id.
  if (known.head?.seq === 0 && known.chainId !== undefined && known.head.hash !== known.chainId)
    return { outcome: 'forked', seq: 0 };
  let head: ChainHead = { seq: 0, hash: known.chainId ?? '' };
  for await (const row of rows) {
    const firstOfUnknownChain = head.seq === 0 && known.chainId === undefined;
    const fault = faultOf(row, head, firstOfUnknownChain);
    if (fault !== undefined) return fault;
    if (known.head?.seq === row.seq && known.head.hash !== row.hash) return { outcome: 'forked', seq: row.seq };
    head = { seq: row.seq, hash: row.hash };
  }
  if (known.head !== undefined && known.head.seq > head.seq) return { outcome: 'truncated', seq: head.seq + 1 };
  return { outcome: 'intact', count: head.seq, head };
}

/** What is wrong with the entry that stands after `head`: first with itself, then with its place. Undefined: nothing. */
export function faultOf(
  row: ChainRow,
  head: ChainHead,
  firstOfUnknownChain = false,
): { outcome: 'altered' | 'missing' | 'forked'; seq: number } | undefined {
  const entry = readEntry(row);
  if (entry === undefined) return { outcome: 'altered', seq: row.seq };
  if (row.seq > head.seq + 1) return { outcome: 'missing', seq: head.seq + 1 };
  if (row.seq <= head.seq) return { outcome: 'forked', seq: row.seq };
  return entry.prev === head.hash || firstOfUnknownChain ? undefined : { outcome: 'forked', seq: row.seq };
}

/** The entry of a row, or undefined when the row is not as it was written. */
function readEntry(row: ChainRow): AuditEntry | undefined {
  // Hashing takes every half of a surrogate pair for the same U+FFFD.
  if (!row.entry.isWellFormed() || sha256(row.entry) !== row.hash) return undefined;
  let entry: AuditEntry;
  try {
    entry = parseEntry(row.entry);
  } catch {
    return undefined;
  }
  const { salt, text } = row;
  const textAltered = typeof salt === 'string' && typeof text === 'string' && !isTextOf(entry, { salt, text });
  const besideAltered =
    (row.at !== undefined && row.at !== entry.at) ||
    (row.type !== undefined && row.type !== entry.type) ||
    (row.actor_id !== undefined && row.actor_id !== entry.actor.id) ||
    (row.subject_id !== undefined && row.subject_id !== (entry.subject?.id ?? null));
  return entry.seq !== row.seq || textAltered || besideAltered ? undefined : entry;
}

function isTextOf({ textHash: hash }: AuditEntry, said: { salt: string; text: string }): boolean {
  return saltForm.test(said.salt) && said.text.isWellFormed() && textHash(said) === hash;
}

/** Reads the text of an entry that this program wrote. Throws a TypeError for anything else. */
export function parseEntry(text: string): AuditEntry {
  const entry: unknown = JSON.parse(text);
  if (typeof entry !== 'object' || entry === null || !('v' in entry) || entry.v !== 1)
    throw new TypeError('not an audit entry');
  return entry as AuditEntry;
}
