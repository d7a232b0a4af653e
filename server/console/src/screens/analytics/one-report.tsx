import { Button, Group, Stack, Text } from '@mantine/core';
import { IconChartHistogram, IconDownload } from '@tabler/icons-react';
import type { AnalyticsReport, ReportName } from '@postern/shared/protocol/analytics';
import { addressOf } from '../../api/call.ts';
import { useGet } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import { Formula } from './formula.tsx';
import { Largest } from './largest.tsx';
import { useRowColumns } from './row-columns.tsx';

const words = t.analytics;

/** One report: what it says, how it is counted, its largest rows drawn, and all of them. */
export function OneReport({ name, days }: { name: ReportName; days: string }) {
  const path = `/v1/admin/analytics/${name}`;
  const { data: report, error, refetch } = useGet<AnalyticsReport>(path, { days });
  const columns = useRowColumns(report?.rows ?? []);
  if (report === undefined) return <NotYet error={error} refetch={refetch} />;
  const { title, rows, total, sentence } = report;
  return (
    <Stack gap="lg">
      <Card
        title={title}
        actions={
          <Button
            component="a"
            href={addressOf(path, { days, format: 'csv' })}
            download
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} />}
          >
            {t.common.downloadCsv}
          </Button>
        }
      >
        <Text>{sentence}</Text>
        <Formula report={report} />
      </Card>
      <Largest report={report} />
      <Card title={words.allRows}>
        <DataTable
          label={title}
          columns={columns}
          items={rows}
          idOf={({ subject }) => subject}
          empty={<EmptyState icon={IconChartHistogram} title={words.nothing} text={words.nothingText} />}
        />
        {rows.length < total && (
          <Group justify="center">
            <Text size="sm">{words.cutAt(rows.length, total)}</Text>
          </Group>
        )}
      </Card>
    </Stack>
  );
}
