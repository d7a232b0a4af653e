import { IconFlag } from '@tabler/icons-react';
import type { AnalyticsReport } from '@postern/shared/protocol/analytics';
import { usePreferences } from '../../app/preferences.ts';
import type { Column } from '../../parts/column.ts';
import { Sign } from '../../parts/sign.tsx';
import { t } from '../../strings/index.ts';
import { AboutLinks } from './about.tsx';
import { nameOfValue, sayValue } from './say-value.ts';

type Row = AnalyticsReport['rows'][number];
const words = t.analytics;

/** The columns of a report: each has values of its own. */
export function useRowColumns(rows: readonly Row[]): Column<Row>[] {
  const [{ zone }] = usePreferences();
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return [
    {
      key: 'about',
      title: words.subject,
      show: ({ subject, about }) => (about.length === 0 ? subject : <AboutLinks about={about} />),
      text: ({ subject }) => subject,
    },
    ...names.map((name): Column<Row> => ({
      key: name,
      title: nameOfValue(name),
      numeric: rows.some(({ values }) => typeof values[name] === 'number'),
      show: ({ values }) => sayValue(name, values[name], zone),
      text: ({ values }) => values[name] ?? null,
    })),
    {
      key: 'flagged',
      title: words.isFlagged,
      show: ({ flagged }) =>
        flagged ? <Sign color="yellow" icon={IconFlag} label={words.flagged} /> : words.notFlagged,
      text: ({ flagged }) => flagged,
    },
  ];
}
