import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import { type FlagData, isReportName } from './flags.ts';
import { readNames } from './names.ts';
import type { Read } from './read-requests.ts';

interface Wanted {
  state: 'open' | 'closed' | undefined;
  /** Where the page before ended. */
  after: { at: Instant; key: string } | undefined;
  limit: number;
}

/** Flags, newest first. */
export async function listFlags(read: Read, { state, after, limit }: Wanted) {
  let query = read
    .selectFrom('abuse_flags')
    .selectAll()
    .orderBy('opened_at', 'desc')
    .orderBy('kind', 'desc')
    .orderBy('subject', 'desc')
    .limit(limit + 1);
  if (state !== undefined) query = query.where('closed_at', state === 'open' ? 'is' : 'is not', null);
  if (after !== undefined) {
    const { at, key } = after;
    const [kind, subject] = split(key);
    query = query
      .where('opened_at', '<=', at)
      .where((where) =>
        where.or([
          where('opened_at', '<', at),
          where('kind', '<', kind),
          where.and([where('kind', '=', kind), where('subject', '<', subject)]),
        ]),
      );
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit).map((row) => ({ row, data: JSON.parse(row.data) as FlagData }));
  const nameOf = await readNames(
    read,
    shown.flatMap(({ data }) => data.about),
  );
  const last = shown.at(-1)?.row;
  return {
    items: shown.flatMap(({ row, data }) =>
      // A kind that a later version invented is for that version to show.
      isReportName(row.kind)
        ? [
            {
              kind: row.kind,
              subject: row.subject,
              about: data.about.map(nameOf),
              values: { ...data.values },
              sentence: row.sentence,
              openedAt: toTimestamp(row.opened_at),
              seenAt: toTimestamp(row.seen_at),
              closedAt: toTimestampOrNull(row.closed_at),
            },
          ]
        : [],
    ),
    next: rows.length > limit && last !== undefined ? `${last.opened_at} ${last.kind} ${last.subject}` : null,
  };
}

function split(key: string): [string, string] {
  const space = key.indexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}
