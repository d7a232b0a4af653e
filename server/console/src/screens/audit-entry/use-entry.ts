import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { auditEntrySchema } from '@postern/shared/protocol/admin';
import { call } from '../../api/call.ts';

export type Entry = z.output<typeof auditEntrySchema>;

/** An entry never changes: no event makes it stale, and it is read once. Its text may be erased; who loads the page again sees that. */
export function useEntry(seq: string) {
  return useQuery({
    queryKey: ['audit entry', seq],
    queryFn: ({ signal }) => call<Entry>('GET', `/v1/admin/audit/${encodeURIComponent(seq)}`, undefined, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
}
