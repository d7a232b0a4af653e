import { Group } from '@mantine/core';
import { IconDoorEnter, IconFilterOff } from '@tabler/icons-react';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from '../../strings/index.ts';
import { grantedColumns, waitingColumns } from './columns.tsx';

const words = t.access;
const path = '/v1/admin/access';

const asked = {
  live: { standing: 'open', sort: 'ending' },
  waiting: { state: 'pending' },
} as const;

/** What is granted, first what ends first; or what waits for a decision. */
export function Granted({
  which,
  value: { q, person },
  change,
}: {
  which: 'live' | 'waiting';
  value: { q: string | undefined; person: string | undefined };
  change: (some: { q: string | undefined }) => void;
}) {
  const query = { ...asked[which], q, person };
  const columns = which === 'live' ? grantedColumns : waitingColumns;
  const { liveTitle, liveText, waitingTitle, waitingText, filteredTitle, filteredText } = words.empty;
  const isFiltered = q !== undefined || person !== undefined;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <SearchField label={words.filters.person} value={q} change={(next) => change({ q: next })} />
        <CsvButton name={`access-${which}`} columns={columns} path={path} query={query} />
      </Group>
      <PagedTable
        label={words.list[which]}
        columns={columns}
        path={path}
        query={query}
        idOf={({ id }) => id}
        empty={
          isFiltered ? (
            <EmptyState icon={IconFilterOff} title={filteredTitle} text={filteredText} />
          ) : (
            <EmptyState
              icon={IconDoorEnter}
              title={which === 'live' ? liveTitle : waitingTitle}
              text={which === 'live' ? liveText : waitingText}
            />
          )
        }
      />
    </>
  );
}
