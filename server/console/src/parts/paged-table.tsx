import type { ReactNode } from 'react';
import type { Query } from '../api/call.ts';
import { usePages } from '../api/queries.ts';
import type { Column } from './column.ts';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { NotYet } from './not-yet.tsx';

interface PagedTableProps<Item> extends Pick<DataTableProps<Item>, 'label' | 'idOf' | 'selection' | 'currentId'> {
  columns: readonly Column<Item>[];
  path: string;
  query: Query;
  cursor?: string;
  empty: ReactNode;
}

/** A table of what a list of the API holds, read page by page as somebody scrolls. */
export function PagedTable<Item>({ path, query, cursor = 'after', ...table }: PagedTableProps<Item>) {
  const pages = usePages<Item>(path, query, { cursor });
  if (pages.data === undefined) {
    return <NotYet error={pages.error} refetch={pages.refetch} />;
  }
  return (
    <DataTable
      {...table}
      items={pages.data.pages.flatMap(({ items }) => items)}
      hasMore={pages.hasNextPage}
      isLoadingMore={pages.isFetchingNextPage}
      loadMore={() => void pages.fetchNextPage()}
    />
  );
}
