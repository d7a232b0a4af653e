import { Stack, Text } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { EnforcementSign } from '../../parts/policy/signs.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policies;

export const policyColumns: readonly Column<PolicyVersion>[] = [
  {
    key: 'name',
    title: words.policy,
    show: ({ name, title }) => (
      <Stack gap={0}>
        <AppLink to="/policies/$name" params={{ name }}>
          {title}
        </AppLink>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      </Stack>
    ),
    text: ({ name }) => name,
  },
  {
    key: 'version',
    title: words.version,
    show: ({ version }) => version,
    text: ({ version }) => version,
    numeric: true,
    width: '6rem',
  },
  {
    key: 'enforcement',
    title: words.enforcement,
    show: ({ enforcement }) => <EnforcementSign enforcement={enforcement} />,
    text: ({ enforcement }) => enforcement,
  },
  {
    key: 'drafted',
    title: words.draftedBy,
    show: ({ draftedBy }) => draftedBy ?? words.nobody,
    text: ({ draftedBy }) => draftedBy,
  },
  {
    key: 'approved',
    title: words.approvedBy,
    show: ({ approvedBy }) => approvedBy ?? words.nobody,
    text: ({ approvedBy }) => approvedBy,
  },
  {
    key: 'published',
    title: words.published,
    show: ({ publishedAt }) => <When at={publishedAt} />,
    text: ({ publishedAt }) => publishedAt,
  },
];
