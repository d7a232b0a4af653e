import { Badge } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import type { BrakeView } from '@postern/shared/protocol/brake';
import { t } from '../../strings/index.ts';

/** Whether it holds anything now. */
export function BrakeSign({ state }: Pick<BrakeView, 'state'>) {
  return (
    <Badge
      color={state === 'holding' ? 'orange' : 'gray'}
      {...(state === 'holding' ? { leftSection: <IconHandStop size={12} /> } : {})}
    >
      {t.brakes.states[state]}
    </Badge>
  );
}
