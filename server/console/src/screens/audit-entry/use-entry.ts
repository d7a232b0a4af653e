import { useQuery } from '@tanstack/react-query';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { call } from '../../api/call.ts';

/** An entry never changes: no event makes it stale, and it is read once. Its text may be erased; who loads the page again sees that. */
export function useEntry(seq: string) {
  return useQuery({
    queryKey: ['audit entry', seq],
    queryFn: ({ signal }) =>
      call<AuditEntryView>('GET', `/v1/admin/audit/${encodeURIComponent(seq)}`, undefined, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
}
