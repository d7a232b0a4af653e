import { Button } from '@mantine/core';
import { IconFilterOff, IconInbox } from '@tabler/icons-react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import type { usePages } from '../../api/queries.ts';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { t } from '../../strings/index.ts';
import type { InboxFilters } from './filters.tsx';

const words = t.inbox;

/** The requests themselves. */
export function RequestList({
  pages,
  items,
  columns,
  currentId,
  selection,
  isMine,
  filters,
}: {
  pages: ReturnType<typeof usePages<WaitingRequest>>;
  items: readonly WaitingRequest[];
  columns: readonly Column<WaitingRequest>[];
  currentId: string | undefined;
  /** Undefined for who decides nothing, and so has nothing to do with several at once. */
  selection: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void } | undefined;
  isMine: boolean;
  filters: InboxFilters;
}) {
  if (pages.data === undefined) return <NotYet error={pages.error} refetch={pages.refetch} />;
  const nameOf = (id: string) => items.find((item) => item.id === id)?.person.name ?? '';
  return (
    <DataTable
      label={words.list}
      columns={columns}
      items={items}
      idOf={({ id }) => id}
      hasMore={pages.hasNextPage}
      isLoadingMore={pages.isFetchingNextPage}
      loadMore={() => void pages.fetchNextPage()}
      {...(selection === undefined ? {} : { selection: { ...selection, label: (id) => words.select(nameOf(id)) } })}
      currentId={currentId}
      empty={<Nothing isMine={isMine} filters={filters} />}
    />
  );
}

function Nothing({ isMine, filters: { value, change } }: { isMine: boolean; filters: InboxFilters }) {
  const { kind, risk, rule, q } = value;
  if ([kind, risk, rule, q].some((each) => each !== undefined))
    return <EmptyState icon={IconFilterOff} title={words.empty.filteredTitle} text={words.empty.filteredText} />;
  if (!isMine) return <EmptyState icon={IconInbox} title={words.empty.allTitle} text={words.empty.allText} />;
  return (
    <EmptyState icon={IconInbox} title={words.empty.mineTitle} text={words.empty.mineText}>
      <Button variant="default" size="xs" onClick={() => change({ show: 'all' })}>
        {words.empty.showAll}
      </Button>
    </EmptyState>
  );
}
