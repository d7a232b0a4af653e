import { toTimestamp } from '@postern/shared/time';
import { canonicalJson } from '@postern/shared/canonical';
import { csvOf } from '@postern/shared/csv';
import type { Format } from './entry.ts';

const columns = [
  'seq',
  'at',
  'type',
  'outcome',
  'actor_kind',
  'actor_id',
  'subject_kind',
  'subject_id',
  'data',
  'text',
  'previous_hash',
  'hash',
] as const;

/** csvOf begins with a line of headings, which is empty here. */
const lineEnd = '\r\n';

/** RFC 4180, with a guard against spreadsheets that take a cell for a formula. */
export const csv: Format = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  head: csvOf(columns, []),
  writer:
    () =>
    ({ entry, hash, text }) => {
      const { seq, at, type, outcome, actor, subject, data, prev } = entry;
      const row = [
        seq,
        toTimestamp(at),
        type,
        outcome,
        actor.kind,
        actor.id,
        subject?.kind ?? null,
        subject?.id ?? null,
        canonicalJson(data),
        text,
        prev,
        hash,
      ];
      return csvOf([], [row]).slice(lineEnd.length);
    },
};
