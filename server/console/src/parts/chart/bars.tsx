import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { Point, Series } from './series.ts';

/** The largest of a list, one bar each. Its numbers are beside it as a table, so nothing in it takes the focus. */
export default function Bars({
  points,
  of,
  series,
  say,
}: {
  points: readonly Point[];
  of: string;
  series: readonly Series[];
  /** A number as people say it. */
  say: (value: number) => string;
}) {
  return (
    <BarChart
      h={40 + points.length * 32}
      data={[...points]}
      dataKey={of}
      series={[...series]}
      orientation="vertical"
      gridAxis="x"
      valueFormatter={say}
      maxBarWidth={18}
      yAxisProps={{ width: 130, interval: 0 }}
      barChartProps={{ accessibilityLayer: false }}
      barProps={{ isAnimationActive: false }}
    />
  );
}
