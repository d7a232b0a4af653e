import { Badge } from '@mantine/core';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { t } from '../../strings/index.ts';

/** Whether it was done or refused. */
export function OutcomeSign({ outcome }: { outcome: 'success' | 'failure' }) {
  const isDone = outcome === 'success';
  return (
    <Badge color={isDone ? 'gray' : 'red'} leftSection={isDone ? <IconCheck size={12} /> : <IconBan size={12} />}>
      {t.audit.outcomes[outcome]}
    </Badge>
  );
}
