import { Stack, Text } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import type { Reading } from '@postern/shared/protocol/reading';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { ReadingValue } from './reading-value.tsx';

const words = t.device.readings;

interface Row {
  check: string;
  title: string;
  reading: Reading;
}

const columns: readonly Column<Row>[] = [
  { key: 'check', title: words.columns.check, show: ({ title }) => title, text: ({ title }) => title, width: '18%' },
  {
    key: 'value',
    title: words.columns.value,
    show: ({ reading }) => <ReadingValue reading={reading} />,
    text: ({ reading }) => JSON.stringify(reading),
    width: '46%',
  },
  {
    key: 'method',
    title: words.columns.method,
    show: ({ reading }) => (
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {reading.method} ({reading.privilege === 'root' ? words.asRoot : words.asUser})
      </Text>
    ),
    text: ({ reading }) => reading.method,
  },
  {
    key: 'at',
    title: words.columns.at,
    show: ({ reading }) => <When at={reading.collectedAt} />,
    text: ({ reading }) => reading.collectedAt,
  },
];

/** Everything that is stored of what a device sent last. */
export function Readings({ device: { readings, checkTitles } }: { device: DeviceDetail }) {
  const rows = Object.entries(readings ?? {})
    .map(([check, reading]) => ({ check, title: checkTitles[check] ?? check, reading }))
    .toSorted((a, b) => a.title.localeCompare(b.title));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <DataTable<Row>
        label={t.device.tabs.readings}
        columns={columns}
        items={rows}
        idOf={({ check }) => check}
        empty={<EmptyState icon={IconListDetails} {...words.none} />}
      />
    </Stack>
  );
}
