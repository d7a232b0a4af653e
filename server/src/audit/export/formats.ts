import { parseEntry } from '../chain.ts';
import type { StoredEntry } from '../stored-entry.ts';
import { cef } from './cef.ts';
import { csv } from './csv.ts';
import type { ExportedLog, Format } from './entry.ts';
import { ocsf } from './ocsf.ts';
import { rfc5424 } from './rfc5424.ts';

/** JSON Lines: the entry as it was hashed, its hash, and what a person wrote. */
const jsonl: Format = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  extension: 'jsonl',
  head: '',
  writer:
    () =>
    ({ entry, hash, text }) =>
      `${JSON.stringify({ ...entry, hash, text })}\n`,
};

export const formats = { ocsf, cef, rfc5424, csv, jsonl } as const;
export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as [FormatName, ...FormatName[]];

/** Entries in a format, line by line. Without `withText`, nothing that a person wrote is in it. */
export async function* writeExport(
  name: FormatName,
  entries: AsyncIterable<StoredEntry>,
  log: ExportedLog,
  withText: boolean,
): AsyncGenerator<string> {
  const format = formats[name];
  const line = format.writer(log);
  if (format.head !== '') yield format.head;
  for await (const { entry, hash, text } of entries)
    yield line({ entry: parseEntry(entry), hash, text: withText ? text : null });
}
