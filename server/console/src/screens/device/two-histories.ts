import type { DeviceDetail } from '@postern/shared/protocol/admin';

type Accepted = DeviceDetail['attestations'][number];
type Refused = DeviceDetail['conflicts'][number];

/** What came under one number, on either side. */
export interface HistoryRow {
  seq: number;
  accepted: Accepted | undefined;
  refused: readonly Refused[];
  /** The first row, going up, on which the sides differ. */
  parts: boolean;
}

/** Two histories under one key, side by side. */
export interface TwoHistories {
  /** Newest first. */
  rows: readonly HistoryRow[];
  /** The last report that both sides agree on; undefined where what is kept does not say. */
  agreedUpTo: number | undefined;
}

/** So many reports before the two part are enough to see that they agreed. */
const before = 2;

/** Both histories of a key that was seen twice, by number, and where they part: the last one accepted that the other side follows. */
export function twoHistories(accepted: readonly Accepted[], refused: readonly Refused[]): TwoHistories {
  const known = new Map(accepted.map((entry) => [entry.hash, entry.seq]));
  const agreed = refused.flatMap(({ hash, prev }) => {
    if (known.has(hash)) return [];
    const seq = prev === null ? 0 : known.get(prev);
    return seq === undefined ? [] : [seq];
  });
  const agreedUpTo = agreed.length === 0 ? undefined : Math.min(...agreed);
  const lowest = Math.min(...refused.map(({ seq }) => seq), agreedUpTo ?? Number.POSITIVE_INFINITY) - before;
  const firstApart = Math.min(...refused.map(({ seq }) => seq));
  const seqs = new Set([...accepted, ...refused].map(({ seq }) => seq).filter((seq) => seq >= lowest));
  const rows = [...seqs]
    .toSorted((a, b) => b - a)
    .map((seq) => ({
      seq,
      accepted: accepted.find((entry) => entry.seq === seq),
      refused: refused.filter((entry) => entry.seq === seq),
      parts: seq === firstApart,
    }));
  return { rows, agreedUpTo };
}
