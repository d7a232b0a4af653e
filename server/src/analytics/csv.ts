import type { AnalyticsReport } from '@postern/shared/protocol/analytics';
import { csvOf } from '@postern/shared/csv';

/** A report as comma-separated values (RFC 4180), its first line naming the columns. */
export function toCsv({ rows }: Pick<AnalyticsReport, 'rows'>): string {
  const kinds = [...new Set(rows.flatMap(({ about }) => about.map(({ kind }) => kind)))];
  const values = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  const header = ['subject', 'flagged', ...kinds.flatMap((kind) => [kind, `${kind}_name`]), ...values, 'sentence'];
  const lines = rows.map((row) => [
    row.subject,
    row.flagged ? 'yes' : 'no',
    ...kinds.flatMap((kind) => {
      const own = row.about.filter((each) => each.kind === kind);
      return [own.map(({ id }) => id).join(' '), own.map(({ name }) => name).join(', ')];
    }),
    ...values.map((name) => row.values[name] ?? null),
    row.sentence,
  ]);
  return csvOf(header, lines);
}
