import { Text } from '@mantine/core';
import { IconCheck, IconClock, IconRefresh, IconX } from '@tabler/icons-react';
import { Sign } from '../../parts/sign.tsx';
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
  return (
    <div>
      <Sign {...looks[outcome]} label={t.webhooks.outcomes[outcome]} />
      {outcome === 'retrying' && nextAt !== null && (
        <Text size="xs" c="dimmed" component="div">
          {t.webhooks.next} <When at={nextAt} />
        </Text>
      )}
    </div>
  );
}
