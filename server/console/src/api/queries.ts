import {
  keepPreviousData,
  QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { addressOf, call, type Query } from './call.ts';
import { Refusal } from './refusal.ts';

/** One page of a list, as every list of the API answers. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** A refusal stays a refusal: only what may be different in a moment is tried again. */
const mayBeBetterSoon = (error: unknown) =>
  error instanceof Refusal && (error.status === 0 || error.status === 429 || error.status >= 500);

/** What was read from the backend, for all screens. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 10_000, retry: (count, error) => count < 2 && mayBeBetterSoon(error) },
    mutations: { retry: false },
  },
});

/** The key of everything that is read from a path: what live events make stale, by its beginning. */
export const keyOf = (path: string, query: Query = {}): QueryKey => [path, query];

/** The same path is read as a document in one place and page by page in another: what is kept of both has another form. */
const pages = 'pages';

/** From which path something was read; undefined for what has a key of its own. */
export function pathOf([first, second]: QueryKey): string | undefined {
  const path = first === pages ? second : first;
  return typeof path === 'string' && path.startsWith('/') ? path : undefined;
}

/** Reads a document. It is read again when an event says that it has changed. */
export function useGet<Answer>(
  path: string,
  query: Query = {},
  options: { enabled?: boolean; refetchInterval?: number } = {},
) {
  return useQuery({
    queryKey: keyOf(path, query),
    queryFn: ({ signal }) => call<Answer>('GET', addressOf(path, query), undefined, signal),
    placeholderData: keepPreviousData,
    ...options,
  });
}

/** Reads a list page by page, as far as somebody scrolls. `cursor` is the parameter that says where to go on. */
export function usePages<Item>(path: string, query: Query = {}, { cursor = 'after', enabled = true } = {}) {
  return useInfiniteQuery({
    queryKey: [pages, ...keyOf(path, query)],
    queryFn: ({ pageParam, signal }) =>
      call<Page<Item>>('GET', addressOf(path, { ...query, [cursor]: pageParam }), undefined, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
}

/**
 * Does something that changes what others read.
 *
 * @param stale beginnings of the paths that read differently afterwards
 */
export function useAct<Input, Answer>(act: (input: Input) => Promise<Answer>, stale: readonly string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all(stale.map((path) => refreshPath(client, path))),
  });
}

/** Reads again whatever was read from a path, or below it. */
export function refreshPath(client: QueryClient, path: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) => `${pathOf(queryKey) ?? ''}/`.startsWith(`${path}/`),
  });
}
