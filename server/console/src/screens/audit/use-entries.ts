import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { addressOf, call, type Query } from '../../api/call.ts';
import { type Page, useGet } from '../../api/queries.ts';

/** So many new ones are counted; beyond that it does not matter. */
const mostNew = 20;
// No path (see pathOf): events do not make the pages stale that somebody has scrolled through. Entries never change, and reading all of
// those pages again for each new entry would keep the server busy.
const listKey = 'audit entries';

/** Entries, newest first, as far as somebody scrolls; and how many have come since. */
export function useEntries(query: Query) {
  const client = useQueryClient();
  const pages = useInfiniteQuery({
    queryKey: [listKey, query],
    queryFn: ({ pageParam, signal }) =>
      call<Page<AuditEntryView>>(
        'GET',
        addressOf('/v1/admin/audit', { ...query, after: pageParam }),
        undefined,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const items = pages.data?.pages.flatMap((page) => page.items);
  const newest = useGet<Page<AuditEntryView>>('/v1/admin/audit', { ...query, limit: mostNew });
  const top = items?.[0]?.seq ?? 0;
  const isOf = !newest.isPlaceholderData && !pages.isPlaceholderData && pages.data !== undefined;
  const fresh = isOf ? (newest.data?.items.filter(({ seq }) => seq > top) ?? []) : [];
  return {
    items,
    error: pages.error,
    refetch: pages.refetch,
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage || pages.isPlaceholderData,
    loadMore: () => void pages.fetchNextPage(),
    /** The number that has been looked at down to. */
    reached: Number(pages.data?.pages.at(-1)?.next ?? 0),
    newCount: fresh.length,
    isMoreNew: fresh.length === mostNew,
    /** Puts them on top. */
    showNew: () => {
      if (fresh.length === mostNew) void client.resetQueries({ queryKey: [listKey, query] });
      else client.setQueryData<InfiniteData<Page<AuditEntryView>>>([listKey, query], (shown) => prepend(shown, fresh));
    },
  };
}

function prepend(
  shown: InfiniteData<Page<AuditEntryView>> | undefined,
  fresh: AuditEntryView[],
): InfiniteData<Page<AuditEntryView>> | undefined {
  const [first, ...rest] = shown?.pages ?? [];
  if (shown === undefined || first === undefined) return shown;
  return { ...shown, pages: [{ ...first, items: [...fresh, ...first.items] }, ...rest] };
}
