import { Group } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import type { ReviewView } from '@postern/shared/protocol/review';
import { useGet } from '../../api/queries.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import { openColumns } from './columns.tsx';

const words = t.reviews;

/** What is asked of whoever looks, first what is due first. */
export function MyReviews({ look }: { look: (id: string) => void }) {
  const { data, error, refetch } = useGet<{ items: ReviewView[] }>('/v1/me/reviews');
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  const columns = openColumns(look);
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <ItemsCsv name="my-reviews" columns={columns} items={data.items} />
      </Group>
      <DataTable
        label={words.list.mine}
        columns={columns}
        items={data.items}
        idOf={({ id }) => id}
        empty={<EmptyState icon={IconListCheck} title={words.empty.mineTitle} text={words.empty.mineText} />}
      />
    </>
  );
}
