import { Badge, Text } from '@mantine/core';
import { IconCheck, IconPlayerPause } from '@tabler/icons-react';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import type { Webhook } from './types.ts';
import { WebhookMenu } from './webhook-menu.tsx';
import type { NewSecret } from './webhook-secret.tsx';

const words = t.webhooks;

export function webhookColumns(isAdmin: boolean, showSecret: (secret: NewSecret) => void): Column<Webhook>[] {
  const columns: Column<Webhook>[] = [
    {
      key: 'label',
      title: words.label,
      show: ({ label, url }) => (
        <div>
          <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
            {label}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </Text>
        </div>
      ),
      text: ({ label }) => label,
    },
    {
      key: 'format',
      title: words.format,
      show: ({ format }) => words.formats[format],
      text: ({ format }) => format,
    },
    {
      key: 'events',
      title: words.events,
      show: ({ events }) => (
        <Text size="sm" title={events.join(', ')}>
          {events.length === 0 ? words.allEvents : words.someEvents(events.length)}
        </Text>
      ),
      text: ({ events }) => events.join(' '),
    },
    {
      key: 'state',
      title: words.state,
      show: ({ enabled, disabledReason }) => (
        <div>
          <Badge
            color={enabled ? 'green' : 'gray'}
            leftSection={enabled ? <IconCheck size={12} /> : <IconPlayerPause size={12} />}
          >
            {enabled ? words.enabled : words.disabled}
          </Badge>
          {disabledReason !== null && (
            <Text size="xs" c="dimmed" maw={280}>
              {disabledReason}
            </Text>
          )}
        </div>
      ),
      text: ({ enabled }) => enabled,
    },
    {
      key: 'created',
      title: words.created,
      show: ({ createdAt }) => <When at={createdAt} />,
      text: ({ createdAt }) => createdAt,
    },
  ];
  if (!isAdmin) return columns;
  return [
    ...columns,
    {
      key: 'actions',
      title: t.common.actions,
      show: (webhook) => <WebhookMenu webhook={webhook} showSecret={showSecret} />,
      text: ({ id }) => id,
    },
  ];
}
