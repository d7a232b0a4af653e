import { Stack, Text } from '@mantine/core';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import type { Column } from '../../parts/column.ts';
import { sayLength } from '../../parts/say-time.ts';
import { TwoLines } from '../../parts/two-lines.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { StreamActions } from './stream-actions.tsx';
import { StreamSign, streamStanding } from './stream-sign.tsx';

const words = t.gateways;

/** Streams, and how their receivers keep up. */
export function streamColumns(isAdmin: boolean): Column<StreamHealth>[] {
  const columns: Column<StreamHealth>[] = [
    {
      key: 'gateway',
      title: words.gateway,
      show: ({ gatewayName, delivery, host }) => (
        <TwoLines
          first={<strong>{gatewayName}</strong>}
          second={delivery === 'push' ? words.push(host ?? t.common.unknown) : words.poll}
        />
      ),
      text: ({ gatewayName }) => gatewayName,
    },
    {
      key: 'status',
      title: words.status,
      show: (stream) => (
        <Stack gap={2} align="flex-start" maw={320}>
          <StreamSign stream={stream} />
          <Why stream={stream} />
        </Stack>
      ),
      text: streamStanding,
    },
    {
      key: 'waiting',
      title: words.waiting,
      numeric: true,
      show: ({ waiting }) => waiting,
      text: ({ waiting }) => waiting,
    },
    {
      key: 'lag',
      title: words.lag,
      show: ({ lagSeconds }) => (lagSeconds < 1 ? words.noLag : sayLength(lagSeconds)),
      text: ({ lagSeconds }) => lagSeconds,
    },
    {
      key: 'delivered',
      title: words.delivered,
      show: ({ deliveredAt }) => <When at={deliveredAt} />,
      text: ({ deliveredAt }) => deliveredAt,
    },
  ];
  if (!isAdmin) return columns;
  return [
    ...columns,
    {
      key: 'actions',
      title: t.common.actions,
      show: (stream) => <StreamActions stream={stream} />,
      text: ({ id }) => id,
    },
  ];
}

/** What is the matter, and since when. */
function Why({ stream }: { stream: StreamHealth }) {
  const { reason, failingSince, lastError } = stream;
  const standing = streamStanding(stream);
  return (
    <Text size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
      {failingSince !== null && (
        <div>
          {words.failingSince} <When at={failingSince} />
        </div>
      )}
      {lastError !== null && <div>{lastError}</div>}
      {reason !== null && <div>{reason}</div>}
      {standing === 'behind' && <div>{words.behindHint}</div>}
      {standing === 'disabled' && <div>{words.disabledHint}</div>}
    </Text>
  );
}
