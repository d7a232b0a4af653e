import { type ChainHead, faultOf } from '../chain.ts';
import { openCheckpoint } from '../checkpoints/checkpoint.ts';
import type { NoteKey } from '../checkpoints/signed-note.ts';
import { CompactRange } from '../merkle/compact-range.ts';
import { hashLeaf } from '../merkle/hash.ts';
import { seqOf } from './entry-number.ts';
import { readFirstLine } from './first-line.ts';
import type { EntryLine, LogEnd, LogHeader } from './format.ts';
import { Found } from './found.ts';
import { type KeptCheckpoint, keptCheckpoints, keyOf, type LogKnowledge } from './knowledge.ts';
import type { RawLine } from './lines.ts';
import { readLine } from './read-line.ts';
import type { LogVerdict } from './verdict.ts';

/** Takes the lines of a log one by one, and holds each to those before and to what is known. Throws Found. */
export class LogReader {
  readonly #known: LogKnowledge;
  /** From elsewhere, those that cover least first. */
  readonly #kept: KeptCheckpoint[];
  readonly #pinned: NoteKey | undefined;
  readonly #tree = new CompactRange();
  #header: LogHeader | undefined;
  #key: NoteKey | undefined;
  #head: ChainHead = { seq: 0, hash: '' };
  #checkpoints = 0;
  #lastCheckpoint = 0;
  /** So many entries are under a checkpoint of the right key. */
  #signed = 0;
  #end: LogEnd | undefined;

  constructor(known: LogKnowledge) {
    this.#known = known;
    this.#pinned = known.key === undefined ? undefined : keyOf(known.key, 'the key that was given');
    this.#kept = keptCheckpoints(known.checkpoints ?? [], this.#pinned);
  }

  get entries(): number {
    return this.#head.seq;
  }

  get #next(): number {
    return this.#head.seq + 1;
  }

  take(raw: RawLine): void {
    if (this.#end !== undefined) throw new Found('altered', null, 'Something stands after the end of the log.');
    if (this.#header === undefined) {
      this.#begin(readFirstLine(raw, () => this.#unfinished(raw)));
      return;
    }
    if (!raw.ended) throw this.#unfinished(raw);
    const line = raw.text === undefined ? undefined : readLine(raw.text);
    if (line === undefined || line.kind === 'log')
      throw new Found(
        'altered',
        this.#next,
        `Entry ${this.#next}, or what stands in its place, is not as it was written.`,
      );
    if (line.kind === 'entry') this.#takeEntry(line.line);
    else if (line.kind === 'checkpoint') this.#takeCheckpoint(line.note);
    else this.#takeEnd(line.end);
  }

  #begin(header: LogHeader): void {
    this.#header = header;
    this.#key = keyOf(header.key, 'the key that the file names');
    this.#head = { seq: 0, hash: header.chain };
    const other = this.#kept.find(({ origin }) => origin !== this.#key?.name);
    if (other !== undefined)
      throw new Found('forked', null, `The checkpoint that was kept is of another log: ${other.origin}.`);
    this.#compareHead();
  }

  #takeEntry(line: EntryLine): void {
    const seq = seqOf(line.entry);
    const fault =
      seq === undefined ? { outcome: 'altered' as const, seq: this.#next } : faultOf({ ...line, seq }, this.#head);
    const halfErased = (line.salt === null) !== (line.text === null);
    if (fault?.outcome === 'altered' || halfErased)
      throw new Found('altered', fault?.seq ?? seq ?? null, `Entry ${seq ?? this.#next} is not as it was written.`);
    if (fault?.outcome === 'missing')
      throw new Found('missing', fault.seq, `Entry ${fault.seq} is not in its place; entry ${seq} is.`);
    if (
      fault !== undefined &&
      fault.seq < this.#next &&
      !(fault.seq === this.#head.seq && line.hash !== this.#head.hash)
    )
      throw new Found('altered', fault.seq, `Entry ${fault.seq} stands there once more.`);
    if (fault !== undefined)
      throw new Found('forked', fault.seq, `Entry ${fault.seq} is whole, but does not follow the entry before it.`);
    this.#tree.append(hashLeaf(line.entry));
    this.#head = { seq: this.#next, hash: line.hash };
    this.#compareHead();
    this.#compareKept();
  }

  #takeCheckpoint(note: string): void {
    this.#checkpoints += 1;
    // Another key than the one that must have: whatever it signed says nothing. The history is still compared.
    if (this.#pinned !== undefined && this.#pinned.vkey !== this.#key?.vkey) return;
    const checkpoint = this.#key === undefined ? undefined : openCheckpoint(note, this.#key);
    if (checkpoint === undefined || checkpoint.origin !== this.#key?.name)
      throw new Found('altered', null, `The checkpoint after entry ${this.entries} is not as it was signed.`);
    const { size, root } = checkpoint;
    if (size > this.entries)
      throw new Found(
        'missing',
        this.#next,
        `Entry ${this.#next} is not in its place; the checkpoint of ${size} entries is.`,
      );
    if (size <= this.#lastCheckpoint)
      throw new Found('altered', null, `The checkpoint of ${size} entries stands there once more.`);
    if (size < this.entries)
      throw new Found('missing', null, `The checkpoint of ${size} entries is not in its place; entry ${size + 1} is.`);
    if (!root.equals(this.#tree.root()))
      throw new Found('forked', size, `The first ${size} entries are not those that were signed.`);
    this.#lastCheckpoint = size;
    this.#signed = size;
  }

  #takeEnd(end: LogEnd): void {
    const stated = this.#header?.head.seq ?? 0;
    if (end.entries > this.entries || stated > this.entries)
      throw new Found('missing', this.#next, `Entry ${this.#next} is missing right before the end of the log.`);
    if (end.checkpoints > this.#checkpoints)
      throw new Found('missing', null, 'A checkpoint is missing: the log had more of them.');
    if (end.entries < this.entries || end.checkpoints < this.#checkpoints || stated < this.entries)
      throw new Found('altered', null, 'There is more in the log than its first and last line say.');
    if (this.#header?.head.hash !== this.#head.hash)
      throw new Found('forked', this.entries, 'The last entry is another one than the first line of the log says.');
    this.#end = end;
  }

  #compareHead(): void {
    const { head } = this.#known;
    if (head !== undefined && head.seq === this.#head.seq && head.hash !== this.#head.hash)
      throw new Found('forked', head.seq, `Entry ${head.seq} is another one than the head that was kept.`);
  }

  #compareKept(): void {
    for (let [first] = this.#kept; first?.size === this.entries; [first] = this.#kept) {
      this.#kept.shift();
      if (!first.root.equals(this.#tree.root()))
        throw new Found(
          'forked',
          first.size,
          `The first ${first.size} entries are not those of the checkpoint that was kept.`,
        );
      const key = this.#pinned ?? this.#key;
      if (key === undefined || openCheckpoint(first.note, key) === undefined)
        throw new Found('unsigned', null, 'The checkpoint that was kept is not signed by the key of the log.');
      this.#signed = first.size;
    }
  }

  #unfinished({ text }: RawLine): Found {
    // A line that was cut off is never whole; one that is, and goes on, was changed where its line ended.
    if (text === undefined || readLine(text.slice(0, -1)) !== undefined)
      return new Found('altered', this.#next, 'The last line of the file is not as it was written.');
    return new Found('truncated', this.#next, `The file ends in the middle of a line, after entry ${this.entries}.`);
  }

  /** What the log is, once all of it was taken. @throws Found */
  finish(): LogVerdict {
    if (this.#header === undefined || this.#end === undefined || this.#key === undefined)
      throw new Found(
        'truncated',
        this.#next,
        this.#header === undefined
          ? 'The file is empty.'
          : `The file ends after entry ${this.entries}, before the end of the log.`,
      );
    const known = Math.max(this.#kept.at(-1)?.size ?? 0, this.#known.head?.seq ?? 0);
    if (known > this.entries)
      throw new Found(
        'truncated',
        this.#next,
        `The log ends after entry ${this.entries}; it is known to have had ${known}.`,
      );
    if (this.#pinned !== undefined && this.#pinned.vkey !== this.#key.vkey)
      throw new Found(
        'unsigned',
        this.entries === 0 ? null : 1,
        'The log names another key than the one that must have signed it.',
      );
    const vouched = Math.max(this.#signed, this.#known.head?.seq ?? 0);
    if (vouched < this.entries)
      throw new Found(
        'unsigned',
        vouched + 1,
        `No signature covers the entries from ${vouched + 1} on: whether they were rewritten cannot be told.`,
      );
    const { entries } = this;
    return {
      outcome: 'intact',
      entries,
      head: this.#head,
      checkpoints: this.#checkpoints,
      signed: this.#signed,
      key: this.#key.vkey,
      keyFrom: this.#pinned === undefined ? 'file' : 'given',
    };
  }
}
