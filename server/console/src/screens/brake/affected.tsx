import { Code } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { BrakeDetail } from '@postern/shared/protocol/brake';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { sayReading } from './say-reading.ts';

type Device = BrakeDetail['affected'][number];
const words = t.brakes;

const columns: readonly Column<Device>[] = [
  {
    key: 'device',
    title: words.device,
    show: ({ id, name }) => (
      <AppLink to="/devices/$id" params={{ id }}>
        {name}
      </AppLink>
    ),
    text: ({ name }) => name,
  },
  {
    key: 'person',
    title: words.person,
    show: ({ owner }) => (
      <AppLink to="/people/$id" params={{ id: owner.id }}>
        {owner.name}
      </AppLink>
    ),
    text: ({ owner }) => owner.name,
  },
  {
    key: 'changed',
    title: words.changed,
    show: ({ changedAt }) => <When at={changedAt} />,
    text: ({ changedAt }) => changedAt,
  },
  {
    key: 'before',
    title: words.before,
    width: '24%',
    show: ({ before }) => <Code style={{ overflowWrap: 'anywhere' }}>{sayReading(before)}</Code>,
    text: ({ before }) => sayReading(before),
  },
  {
    key: 'after',
    title: words.after,
    width: '24%',
    show: ({ after }) => <Code style={{ overflowWrap: 'anywhere' }}>{sayReading(after)}</Code>,
    text: ({ after }) => sayReading(after),
  },
  {
    key: 'held',
    title: words.held,
    show: ({ held }) => (held ? t.common.yes : t.common.no),
    text: ({ held }) => held,
  },
];

/** The devices that it is about, with the evidence to decide by. */
export function Affected({ brake: { check, affected, affectedTotal } }: { brake: BrakeDetail }) {
  return (
    <Card
      title={words.affectedOf(affected.length, affectedTotal)}
      actions={<ItemsCsv name={`brake-${check}`} columns={columns} items={affected} />}
    >
      <DataTable
        label={words.affected}
        columns={columns}
        items={affected}
        idOf={({ id }) => id}
        empty={<EmptyState icon={IconDeviceLaptop} title={words.noAffected} text={words.noAffectedText} />}
      />
    </Card>
  );
}
