import { Text } from '@mantine/core';
import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { t } from '../../strings/index.ts';
import { EditResource } from './edit-resource.tsx';
import type { Resource } from './resource-type.ts';

const words = t.resources;

/** What gateways protect: how much harm it does, and to whom it opens. */
export function Resources() {
  const { data, error, refetch } = useGet<{ items: Resource[] }>('/v1/admin/resources');
  const isAdmin = useIs('admin');
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  return (
    <Card title={words.title} actions={<ItemsCsv name="resources" columns={columns} items={data.items} />}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <DataTable
        label={words.list}
        columns={isAdmin ? [...columns, edit] : columns}
        items={data.items}
        idOf={({ name }) => name}
        empty={
          <Text size="sm" c="dimmed">
            {`${words.none}. ${words.noneText}`}
          </Text>
        }
      />
    </Card>
  );
}

const tierOf = ({ tier }: Resource) => (tier === null ? words.noTier : words.tiers[tier]);
const accessOf = ({ access }: Resource) => (access === null ? words.openToAll : words.roles(access.roles.join(', ')));
const guardOf = ({ guarded }: Resource) => (guarded ? words.isGuarded : words.notGuarded);

const columns: readonly Column<Resource>[] = [
  {
    key: 'name',
    title: words.name,
    show: ({ name, title }) => <TwoLines first={title ?? name} second={title === null ? null : name} />,
    text: ({ name }) => name,
  },
  { key: 'tier', title: words.tier, show: tierOf, text: ({ tier }) => tier },
  { key: 'access', title: words.access, show: accessOf, text: accessOf },
  { key: 'guarded', title: words.guarded, show: guardOf, text: ({ guarded }) => guarded },
];

const edit: Column<Resource> = {
  key: 'edit',
  title: t.common.actions,
  show: (resource) => <EditResource resource={resource} />,
  text: () => null,
};
