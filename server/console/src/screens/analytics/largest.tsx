import type { AnalyticsReport } from '@postern/shared/protocol/analytics';
import { usePreferences } from '../../app/preferences.ts';
import { Card } from '../../parts/card.tsx';
import { ChartAndTable } from '../../parts/chart/chart-and-table.tsx';
import { Bars } from '../../parts/chart/lazy.ts';
import { StackedTable } from '../../parts/stacked-table.tsx';
import { t } from '../../strings/index.ts';
import { measures } from './reports.ts';
import { nameOfValue, sayValue } from './say-value.ts';

const words = t.analytics;
const mostBars = 12;
const longestName = 24;

/** The largest rows of a report, drawn, with the numbers in their place. */
export function Largest({ report: { report, title, rows } }: { report: AnalyticsReport }) {
  const [{ zone }] = usePreferences();
  const measure = measures[report];
  if (measure === undefined) return null;
  const bars = rows
    .flatMap(({ subject, about, values }) => {
      const value = values[measure];
      const name = about.length === 0 ? subject : about.map((each) => each.name).join(' · ');
      return typeof value === 'number' ? [{ subject, name, value }] : [];
    })
    .toSorted((left, right) => right.value - left.value)
    .slice(0, mostBars);
  const [first] = bars;
  if (first === undefined || bars.length < 2) return null;
  const called = nameOfValue(measure);
  return (
    <Card title={words.chart}>
      <ChartAndTable
        name={words.chart}
        label={words.chartLabel(title, first.name, sayValue(measure, first.value, zone), bars.length)}
        chart={
          <Bars
            points={bars.map(({ name, value }, index) => ({ name: shortened(name, index), [measure]: value }))}
            of="name"
            series={[{ name: measure, label: called, color: 'blue.7' }]}
            say={(value) => sayValue(measure, value, zone)}
          />
        }
        table={
          <StackedTable label={words.chart} titles={[words.subject, called]}>
            {bars.map(({ subject, name, value }) => ({ key: subject, cells: [name, sayValue(measure, value, zone)] }))}
          </StackedTable>
        }
      />
    </Card>
  );
}

/** Two of one name are two bars: what the axis tells apart must differ. */
function shortened(name: string, index: number): string {
  const short = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
  return short + '\u200b'.repeat(index);
}
