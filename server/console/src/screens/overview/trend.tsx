import { Text } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import type { FleetPart, Overview } from '@postern/shared/protocol/overview';
import { Card } from '../../parts/card.tsx';
import { ChartAndTable } from '../../parts/chart/chart-and-table.tsx';
import { Areas } from '../../parts/chart/lazy.ts';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { t } from '../../strings/index.ts';
import { fleetLooks } from './fleet-looks.ts';

type Day = Overview['trend'][number];
const words = t.overview;

/** How the fleet stood, day by day. */
export function Trend({ days }: { days: readonly Day[] }) {
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined || days.length < 2)
    return (
      <Card title={words.trend}>
        <EmptyState icon={IconChartHistogram} title={words.trendSoon} text={words.trendSoonText} />
      </Card>
    );
  const parts = (Object.keys(fleetLooks) as FleetPart[]).filter((part) =>
    days.some(({ counts }) => (counts[part] ?? 0) > 0),
  );
  const change = (part: FleetPart) => words.fromTo(first.counts[part] ?? 0, last.counts[part] ?? 0);
  const columns: Column<Day>[] = [
    { key: 'day', title: words.day, show: ({ day }) => day, text: ({ day }) => day },
    ...parts.map((part): Column<Day> => ({
      key: part,
      title: words.parts[part],
      numeric: true,
      show: ({ counts }) => counts[part] ?? 0,
      text: ({ counts }) => counts[part] ?? 0,
    })),
  ];
  const newestFirst = days.toReversed();
  return (
    <Card title={words.trend} actions={<ItemsCsv name="fleet-trend" columns={columns} items={newestFirst} />}>
      <Text size="sm" c="dimmed">
        {words.trendText}
      </Text>
      <ChartAndTable
        name={words.trend}
        label={words.trendLabel(days.length, change('compliant'), change('non-compliant'))}
        chart={
          <Areas
            points={days.map(({ day, counts }) => ({
              day,
              ...Object.fromEntries(parts.map((part) => [part, counts[part] ?? 0])),
            }))}
            over="day"
            series={parts.map((part) => ({ name: part, label: words.parts[part], color: fleetLooks[part].color }))}
          />
        }
        table={
          <DataTable label={words.trend} columns={columns} items={newestFirst} idOf={({ day }) => day} empty={null} />
        }
      />
    </Card>
  );
}
