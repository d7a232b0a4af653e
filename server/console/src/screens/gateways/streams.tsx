import { Stack } from '@mantine/core';
import { IconAntenna } from '@tabler/icons-react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import { streamColumns } from './stream-columns.tsx';

const words = t.gateways;

/** How the receivers of signals keep up. */
export function Streams({
  streams,
  error,
  again,
  isAdmin,
}: {
  streams: readonly StreamHealth[] | undefined;
  error: unknown;
  again: () => void;
  isAdmin: boolean;
}) {
  const columns = streamColumns(isAdmin);
  const hasSome = streams !== undefined && streams.length > 0;
  return (
    <Card title={words.streams} actions={hasSome && <ItemsCsv name="streams" columns={columns} items={streams} />}>
      {error !== null && <Problem error={error} again={again} />}
      {streams === undefined && error === null && <Waiting />}
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
