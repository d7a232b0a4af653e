import { AreaChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { Point, Series } from './series.ts';

/** Parts of a whole over time. Its numbers are beside it as a table, so nothing in it takes the focus. */
export default function Areas({
  points,
  over,
  series,
}: {
  points: readonly Point[];
  over: string;
  series: readonly Series[];
}) {
  return (
    <AreaChart
      h={280}
      data={[...points]}
      dataKey={over}
      series={[...series]}
      type="stacked"
      curveType="linear"
      withDots={false}
      withGradient={false}
      fillOpacity={0.55}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      areaChartProps={{ accessibilityLayer: false }}
      areaProps={{ isAnimationActive: false }}
    />
  );
}
