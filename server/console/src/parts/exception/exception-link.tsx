import { Badge, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../../strings/index.ts';
import { AppLink } from '../app-link.tsx';

/** The way to an exception or an access from a list. An emergency says so. */
export function ExceptionLink({
  exception: { id, emergency },
  children,
}: {
  exception: { id: string; emergency: boolean };
  children: ReactNode;
}) {
  return (
    <Group gap={6}>
      <AppLink size="sm" to="/exceptions/$id" params={{ id }}>
        {children}
      </AppLink>
      {emergency && <EmergencySign />}
    </Group>
  );
}

/** Nobody was asked before it began. */
export function EmergencySign() {
  return <Badge color="red">{t.deciding.emergency}</Badge>;
}
