import { Button, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import { usePages } from '../../api/queries.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import { HistoryItem } from './history-item.tsx';
import classes from './device.module.css';

const words = t.device.history;

/** What changed over time: the verdict, and each reading. */
export function History({ id }: { id: string }) {
  const pages = usePages<DeviceHistoryItem>(`/v1/admin/devices/${id}/history`);
  if (pages.data === undefined) return <NotYet error={pages.error} refetch={pages.refetch} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState icon={IconHistory} {...words.none} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.lead} {words.notes}
      </Text>
      <ol className={classes['timeline']} aria-label={t.device.tabs.history}>
        {items.map((item) => (
          <HistoryItem key={item.seq} item={item} />
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </Stack>
  );
}
