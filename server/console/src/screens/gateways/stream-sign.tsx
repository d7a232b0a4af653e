import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerPause, IconX } from '@tabler/icons-react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { t } from '../../strings/index.ts';

const looks = {
  enabled: { color: 'green', icon: IconCheck },
  paused: { color: 'yellow', icon: IconPlayerPause },
  disabled: { color: 'gray', icon: IconX },
  failing: { color: 'red', icon: IconAlertTriangle },
} as const;

/** How a stream does: one that runs and whose receiver takes nothing fails. */
export function streamStanding({ status, failingSince }: Pick<StreamHealth, 'status' | 'failingSince'>) {
  return status === 'enabled' && failingSince !== null ? 'failing' : status;
}

export function StreamSign({ stream }: { stream: Pick<StreamHealth, 'status' | 'failingSince'> }) {
  const standing = streamStanding(stream);
  const { color, icon: Icon } = looks[standing];
  return (
    <Badge color={color} leftSection={<Icon size={12} />}>
      {t.gateways.statuses[standing]}
    </Badge>
  );
}
