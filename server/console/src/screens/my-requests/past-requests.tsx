import { Group, Stack, Text, Title } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { scopeTitle } from '../../parts/mine/scope.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.mine.requests;

const columns: readonly Column<ExceptionView>[] = [
  {
    key: 'what',
    title: words.what,
    width: '38%',
    show: (each) => (
      <AppLink to="/exceptions/$id" params={{ id: each.id }}>
        {scopeTitle(each)}
      </AppLink>
    ),
    text: scopeTitle,
  },
  { key: 'device', title: words.device, show: ({ device }) => device.name, text: ({ device }) => device.name },
  {
    key: 'state',
    title: words.how,
    show: (each) => (
      <>
        <ExceptionSign state={each.state} />
        {lastReason(each) !== null && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {lastReason(each)}
          </Text>
        )}
      </>
    ),
    text: ({ state }) => t.common.standing.exception[state],
  },
  {
    key: 'asked',
    title: words.asked,
    show: ({ requestedAt }) => <When at={requestedAt} />,
    text: ({ requestedAt }) => requestedAt,
  },
  { key: 'ended', title: words.when, show: ({ endedAt }) => <When at={endedAt} />, text: ({ endedAt }) => endedAt },
];

/** What whoever ended it said about it. */
function lastReason({ decisions, endedReason }: ExceptionView): string | null {
  return decisions.findLast(({ verdict }) => verdict === 'deny')?.reason ?? endedReason;
}

/** Requests that are over, and how they ended. */
export function PastRequests({ items }: { items: readonly ExceptionView[] }) {
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {words.over(items.length)}
        </Title>
        {items.length > 0 && <ItemsCsv name="my-requests" columns={columns} items={items} />}
      </Group>
      <DataTable
        label={words.listed}
        columns={columns}
        items={items}
        idOf={({ id }) => id}
        empty={<Text c="dimmed">{words.noneOver}</Text>}
      />
    </Stack>
  );
}
