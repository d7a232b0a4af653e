import { Button, Group, Text } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import type { z } from 'zod';
import type { abuseFlagSchema } from '@postern/shared/protocol/analytics';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { AboutLinks } from './about.tsx';

type Flag = z.output<typeof abuseFlagSchema>;
const words = t.analytics;
const path = '/v1/admin/abuse-flags';

const columns: readonly Column<Flag>[] = [
  {
    key: 'sentence',
    title: words.sentence,
    show: ({ sentence, kind }) => (
      <AppLink to="/analytics" search={{ report: kind }} inherit>
        {sentence}
      </AppLink>
    ),
    text: ({ sentence }) => sentence,
  },
  {
    key: 'about',
    title: words.subject,
    show: ({ subject, about }) => (about.length === 0 ? subject : <AboutLinks about={about} />),
    text: ({ subject }) => subject,
  },
  {
    key: 'opened',
    title: words.opened,
    show: ({ openedAt }) => <When at={openedAt} />,
    text: ({ openedAt }) => openedAt,
  },
  { key: 'seen', title: words.seen, show: ({ seenAt }) => <When at={seenAt} />, text: ({ seenAt }) => seenAt },
  {
    key: 'closed',
    title: words.closed,
    show: ({ closedAt }) => (closedAt === null ? t.common.none : <When at={closedAt} />),
    text: ({ closedAt }) => closedAt,
  },
];

/** What is over a threshold, or was. */
export function Flags({ state, show }: { state: 'open' | 'closed'; show: (state: 'closed' | undefined) => void }) {
  const isOpen = state === 'open';
  const query = { state };
  return (
    <Card
      title={isOpen ? words.flags : words.flagsClosed}
      actions={
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={() => show(isOpen ? 'closed' : undefined)}>
            {isOpen ? words.closedFlags : words.openFlags}
          </Button>
          <CsvButton name="abuse-flags" columns={columns} path={path} query={query} />
        </Group>
      }
    >
      <Text size="sm" c="dimmed">
        {words.flagsText}
      </Text>
      <PagedTable
        key={state}
        label={isOpen ? words.flags : words.flagsClosed}
        columns={isOpen ? columns.filter(({ key }) => key !== 'closed') : columns}
        path={path}
        query={query}
        idOf={({ kind, subject, openedAt }) => `${openedAt} ${kind} ${subject}`}
        empty={
          isOpen ? (
            <Text>{words.noFlags}</Text>
          ) : (
            <EmptyState icon={IconFlag} title={words.noneClosed} text={words.noneClosedText} />
          )
        }
      />
    </Card>
  );
}
