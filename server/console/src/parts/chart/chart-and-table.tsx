import { SegmentedControl, Stack } from '@mantine/core';
import { type ReactNode, Suspense, useState } from 'react';
import { t } from '../../strings/index.ts';
import { Waiting } from '../waiting.tsx';

/**
 * A chart, and its numbers as a table in its place: nobody decides by a chart alone.
 *
 * @param props.label what the chart shows, in words, for who does not see it
 */
export function ChartAndTable({
  name,
  label,
  chart,
  table,
}: {
  name: string;
  label: string;
  chart: ReactNode;
  table: ReactNode;
}) {
  const [shown, show] = useState('chart');
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label={name}
        value={shown}
        onChange={show}
        data={[
          { value: 'chart', label: t.common.asChart },
          { value: 'table', label: t.common.asTable },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {shown === 'table' ? (
        table
      ) : (
        <div role="img" aria-label={label}>
          <Suspense fallback={<Waiting />}>{chart}</Suspense>
        </div>
      )}
    </Stack>
  );
}
