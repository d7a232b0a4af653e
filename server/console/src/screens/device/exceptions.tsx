import { Stack, Text } from '@mantine/core';
import { IconClockShield } from '@tabler/icons-react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.device.exceptions;

const whatFor = ({ kind, rules, resources, role }: ExceptionView) =>
  kind === 'access' ? words.access(resources, role) : words.rules(rules);

const columns: readonly Column<ExceptionView>[] = [
  {
    key: 'what',
    title: words.columns.what,
    show: (exception) => (
      <AppLink to="/exceptions/$id" params={{ id: exception.id }} inherit>
        {whatFor(exception)}
      </AppLink>
    ),
    text: whatFor,
    width: '40%',
  },
  {
    key: 'state',
    title: words.columns.state,
    show: ({ state, live }) => <ExceptionSign state={state} live={live} />,
    text: ({ state }) => state,
  },
  {
    key: 'person',
    title: words.columns.person,
    show: ({ person }) => person.name,
    text: ({ person }) => person.name,
  },
  {
    key: 'requested',
    title: words.columns.requested,
    show: ({ requestedAt }) => <When at={requestedAt} />,
    text: ({ requestedAt }) => requestedAt,
  },
  {
    key: 'until',
    title: words.columns.until,
    show: ({ expiresAt }) => (expiresAt === null ? t.common.none : <When at={expiresAt} />),
    text: ({ expiresAt }) => expiresAt,
  },
];

/** What was asked for and granted on this device. */
export function DeviceExceptions({ id }: { id: string }) {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <PagedTable<ExceptionView>
        label={t.device.tabs.exceptions}
        columns={columns}
        path="/v1/admin/exceptions"
        query={{ device: id }}
        idOf={(exception) => exception.id}
        empty={<EmptyState icon={IconClockShield} {...words.none} />}
      />
    </Stack>
  );
}
