import { Badge } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { t } from '../../strings/index.ts';
import type { Brake } from './types.ts';

/** Whether it holds anything now. */
export function BrakeSign({ state }: Pick<Brake, 'state'>) {
  return (
    <Badge
      color={state === 'holding' ? 'orange' : 'gray'}
      {...(state === 'holding' ? { leftSection: <IconHandStop size={12} /> } : {})}
    >
      {t.brakes.states[state]}
    </Badge>
  );
}
