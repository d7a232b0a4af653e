import { Code, Text } from '@mantine/core';
import { IconCheck, IconClock, IconHistory, IconKey } from '@tabler/icons-react';
import type { Installation } from '@postern/shared/protocol/settings';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { Sign } from '../../parts/sign.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;
type Key = Installation['keys'][number];

const looks = {
  next: { color: 'blue', icon: IconClock },
  signs: { color: 'green', icon: IconCheck },
  past: { color: 'gray', icon: IconHistory },
} as const;

const columns: readonly Column<Key>[] = [
  { key: 'use', title: words.use, show: ({ use }) => words.uses[use], text: ({ use }) => use },
  {
    key: 'kid',
    title: words.kid,
    show: ({ kid }) => <Code style={{ overflowWrap: 'anywhere' }}>{kid}</Code>,
    text: ({ kid }) => kid,
  },
  { key: 'alg', title: words.alg, show: ({ alg }) => alg, text: ({ alg }) => alg },
  {
    key: 'state',
    title: words.state,
    show: ({ state }) => <Sign {...looks[state]} label={words.states[state]} />,
    text: ({ state }) => state,
  },
  {
    key: 'from',
    title: words.from,
    show: ({ signsFrom }) => <When at={signsFrom} />,
    text: ({ signsFrom }) => signsFrom,
  },
  {
    key: 'until',
    title: words.until,
    show: ({ signsUntil }) =>
      signsUntil === null ? (
        <Text size="sm" c="dimmed">
          {words.open}
        </Text>
      ) : (
        <When at={signsUntil} />
      ),
    text: ({ signsUntil }) => signsUntil,
  },
];

/** Keys that sign what gateways believe, and when they change. */
export function Keys({ keys }: { keys: readonly Key[] }) {
  return (
    <Card title={words.keys} actions={keys.length > 0 && <ItemsCsv name="keys" columns={columns} items={keys} />}>
      <DataTable
        label={words.keyList}
        columns={columns}
        items={keys}
        idOf={({ kid }) => kid}
        empty={<EmptyState icon={IconKey} title={words.noKeys} text="" />}
      />
    </Card>
  );
}
