import { Stack, Text } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.templates;

export const templateColumns: readonly Column<TemplateVersion>[] = [
  {
    key: 'name',
    title: words.name,
    show: ({ name, title }) => (
      <Stack gap={0}>
        <AppLink to="/templates/$name" params={{ name }}>
          {title}
        </AppLink>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      </Stack>
    ),
    text: ({ name }) => name,
  },
  { key: 'kind', title: words.kind, show: ({ kind }) => words.kinds[kind], text: ({ kind }) => kind },
  {
    key: 'version',
    title: words.version,
    show: ({ version }) => version,
    text: ({ version }) => version,
    numeric: true,
    width: '6rem',
  },
  {
    key: 'proposedBy',
    title: words.proposedBy,
    show: ({ proposedBy }) => proposedBy ?? words.theProgram,
    text: ({ proposedBy }) => proposedBy,
  },
  {
    key: 'approvedBy',
    title: words.approvedBy,
    show: ({ approvedBy }) => approvedBy ?? words.theProgram,
    text: ({ approvedBy }) => approvedBy,
  },
  {
    key: 'published',
    title: words.published,
    show: ({ publishedAt }) => <When at={publishedAt} />,
    text: ({ publishedAt }) => publishedAt,
  },
];
