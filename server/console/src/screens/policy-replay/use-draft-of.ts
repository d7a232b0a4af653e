import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { type Page, useGet } from '../../api/queries.ts';
import type { DraftSummary } from '../../parts/policy/types.ts';
import { useSearchState } from '../../parts/search-state.ts';

/** The draft that was replayed: the one that somebody came from, or one with exactly this text. */
export function useDraftOf({ documentHash }: Pick<PolicyReplay, 'documentHash'>): string | undefined {
  const { value } = useSearchState(['draft']);
  const { data } = useGet<Page<DraftSummary>>(
    '/v1/admin/policy-drafts',
    { limit: 100 },
    { enabled: value.draft === undefined },
  );
  return value.draft ?? data?.items.find((draft) => draft.documentHash === documentHash)?.id;
}
