import { IconFileSearch } from '@tabler/icons-react';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import { entryColumns } from './columns.tsx';
import type { useEntries } from './use-entries.ts';

const words = t.audit;

/** The entries. What is rare is looked for bit by bit, and the page says how far it is. */
export function EntryList({
  entries,
  clear,
}: {
  entries: ReturnType<typeof useEntries>;
  clear: (() => void) | undefined;
}) {
  const { items, error, refetch, hasMore, isLoadingMore, loadMore, reached } = entries;
  if (items === undefined) return <NotYet error={error} refetch={refetch} />;
  return (
    <>
      <DataTable
        label={words.list}
        columns={entryColumns}
        items={items}
        idOf={({ seq }) => String(seq)}
        hasMore={hasMore && error === null}
        isLoadingMore={isLoadingMore}
        loadMore={loadMore}
        empty={
          hasMore ? null : (
            <EmptyState icon={IconFileSearch} title={words.empty} text={words.emptyText}>
              {clear !== undefined && <ClearFilters clear={clear} prominent />}
            </EmptyState>
          )
        }
      />
      {error !== null && <Problem error={error} again={loadMore} />}
      {hasMore && isLoadingMore && reached > 0 && <Waiting label={words.searching(reached)} />}
    </>
  );
}
