import { Stack } from '@mantine/core';
import { IconAntenna } from '@tabler/icons-react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import { streamColumns } from './stream-columns.tsx';

const words = t.gateways;

/** How the receivers of signals keep up. */
export function Streams({
  streams,
  error,
  refetch,
  isAdmin,
}: {
  streams: readonly StreamHealth[] | undefined;
  error: unknown;
  refetch: () => unknown;
  isAdmin: boolean;
}) {
  const columns = streamColumns(isAdmin);
  const hasSome = streams !== undefined && streams.length > 0;
  return (
    <Card title={words.streams} actions={hasSome && <ItemsCsv name="streams" columns={columns} items={streams} />}>
      {(streams === undefined || error !== null) && <NotYet error={error} refetch={refetch} />}
      {streams !== undefined && (
        <DataTable
          label={words.streamList}
          columns={columns}
          items={streams}
          idOf={({ id }) => id}
          empty={
            <EmptyState icon={IconAntenna} title={words.noStreams} text={words.noStreamsText}>
              <Stack>
                <CopyText text={words.discoveryAt(location.origin)} label={words.discovery} />
              </Stack>
            </EmptyState>
          }
        />
      )}
    </Card>
  );
}
