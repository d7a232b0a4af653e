import { Badge, Text } from '@mantine/core';
import type { User } from '@postern/shared/protocol/admin';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { RoleBadges } from '../../parts/role-badges.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.people;

/** People as the list shows them. */
export const personColumns: readonly Column<User>[] = [
  {
    key: 'name',
    title: words.columns.name,
    width: '20%',
    show: ({ id, name }) => (
      <AppLink to="/people/$id" params={{ id }} fw={600}>
        {name}
      </AppLink>
    ),
    text: ({ name }) => name,
  },
  {
    key: 'email',
    title: words.columns.email,
    width: '28%',
    show: ({ email }) => <Breaking text={email} />,
    text: ({ email }) => email,
  },
  {
    key: 'roles',
    title: words.columns.roles,
    show: ({ roles }) => <RoleBadges roles={roles} />,
    text: ({ roles }) => roles.join(' '),
  },
  {
    key: 'groups',
    title: words.columns.groups,
    show: ({ groups }) => <Breaking text={groups.join(', ')} />,
    text: ({ groups }) => groups.join(', '),
  },
  {
    key: 'standing',
    title: words.columns.standing,
    show: ({ active }) => <Badge color={active ? 'green' : 'gray'}>{active ? words.active : words.away}</Badge>,
    text: ({ active }) => (active ? words.active : words.away),
  },
  {
    key: 'since',
    title: words.columns.since,
    show: ({ createdAt }) => <When at={createdAt} />,
    text: ({ createdAt }) => createdAt,
  },
];

function Breaking({ text }: { text: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  );
}
