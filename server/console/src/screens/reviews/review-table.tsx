import { Group } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { t } from '../../strings/index.ts';
import { decidedColumns, openColumns } from './columns.tsx';

const words = t.reviews;
const path = '/v1/admin/reviews';

/** All reviews of a state, newest first. */
export function ReviewTable({ which, look }: { which: 'open' | 'decided'; look: (id: string) => void }) {
  const columns = which === 'open' ? openColumns(look) : decidedColumns(look);
  const query = { state: which };
  const { openTitle, openText, decidedTitle, decidedText } = words.empty;
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <CsvButton name={`reviews-${which}`} columns={columns} path={path} query={query} />
      </Group>
      <PagedTable
        label={words.list[which]}
        columns={columns}
        path={path}
        query={query}
        idOf={({ id }) => id}
        empty={
          <EmptyState
            icon={IconListCheck}
            title={which === 'open' ? openTitle : decidedTitle}
            text={which === 'open' ? openText : decidedText}
          />
        }
      />
    </>
  );
}
