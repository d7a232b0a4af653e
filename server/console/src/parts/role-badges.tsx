import { Badge, Group } from '@mantine/core';
import type { Role } from '@postern/shared/protocol/admin';
import { t } from '../strings/index.ts';

/** What somebody may do here, in words. */
export function RoleBadges({ roles }: { roles: readonly Role[] }) {
  return (
    <Group gap={4}>
      {roles.map((role) => (
        <Badge key={role} color={role === 'admin' ? 'violet' : role === 'employee' ? 'gray' : 'blue'}>
          {t.people.roles[role]}
        </Badge>
      ))}
    </Group>
  );
}
