import { Badge, Text } from '@mantine/core';
import { IconCheck, IconClock, IconRefresh, IconX } from '@tabler/icons-react';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import type { Delivery } from './types.ts';

const looks = {
  waiting: { color: 'blue', icon: IconClock },
  retrying: { color: 'yellow', icon: IconRefresh },
  done: { color: 'green', icon: IconCheck },
  failed: { color: 'red', icon: IconX },
} as const;

/** What became of a message, and when it is tried next. */
export function DeliverySign({ delivery: { state, attempts, nextAt } }: { delivery: Delivery }) {
  const outcome = state === 'waiting' && attempts > 0 ? 'retrying' : state;
  const { color, icon: Icon } = looks[outcome];
  return (
    <div>
      <Badge color={color} leftSection={<Icon size={12} />}>
        {t.webhooks.outcomes[outcome]}
      </Badge>
      {outcome === 'retrying' && nextAt !== null && (
        <Text size="xs" c="dimmed" component="div">
          {t.webhooks.next} <When at={nextAt} />
        </Text>
      )}
    </div>
  );
}
