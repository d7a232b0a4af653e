import { Code, Group, Text } from '@mantine/core';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import type { Column } from '../../parts/column.ts';
import { TwoLines } from '../../parts/two-lines.tsx';
import { t } from '../../strings/index.ts';
import { RemoveGateway } from './remove-gateway.tsx';
import { StreamSign } from './stream-sign.tsx';
import type { Gateway } from './types.ts';

const words = t.gateways;

/** Gateways, each with its stream. */
export function gatewayColumns(
  streams: readonly StreamHealth[],
  all: readonly Gateway[],
  isAdmin: boolean,
): Column<Gateway>[] {
  const streamOf = (id: string) => streams.find(({ gateway }) => gateway === id);
  const columns: Column<Gateway>[] = [
    {
      key: 'name',
      title: words.name,
      show: ({ name, id }) => <TwoLines first={<strong>{name}</strong>} second={id} />,
      text: ({ name }) => name,
    },
    {
      key: 'resources',
      title: words.resources,
      show: ({ resources }) => (
        <Group gap={4}>
          {resources.map((each) => (
            <Code key={each} style={{ overflowWrap: 'anywhere' }}>
              {each}
            </Code>
          ))}
        </Group>
      ),
      text: ({ resources }) => resources.join(' '),
    },
    {
      key: 'stream',
      title: words.stream,
      show: ({ id }) => {
        const stream = streamOf(id);
        return stream === undefined ? (
          <Text size="sm" c="dimmed" title={words.noStreamHint}>
            {words.noStream}
          </Text>
        ) : (
          <StreamSign stream={stream} />
        );
      },
      text: ({ id }) => streamOf(id)?.status ?? null,
    },
  ];
  if (!isAdmin) return columns;
  return [
    ...columns,
    {
      key: 'actions',
      title: t.common.actions,
      show: (gateway) => <RemoveGateway gateway={gateway} stream={streamOf(gateway.id)} others={all} />,
      text: ({ id }) => id,
    },
  ];
}
