import { Text } from '@mantine/core';
import { IconCheck, IconPlayerPause } from '@tabler/icons-react';
import type { Column } from '../../parts/column.ts';
import { Sign } from '../../parts/sign.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import type { Webhook } from './types.ts';
import { WebhookMenu } from './webhook-menu.tsx';
import type { NewSecret } from './webhook-secret.tsx';

const words = t.webhooks;

/** Webhooks, each with what an admin can do. */
export function webhookColumns(isAdmin: boolean, showSecret: (secret: NewSecret) => void): Column<Webhook>[] {
  const columns: Column<Webhook>[] = [
    {
      key: 'label',
      title: words.label,
      show: ({ label, url }) => <TwoLines first={<strong>{label}</strong>} second={url} />,
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
          <Sign
            color={enabled ? 'green' : 'gray'}
            icon={enabled ? IconCheck : IconPlayerPause}
            label={enabled ? words.enabled : words.disabled}
          />
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
