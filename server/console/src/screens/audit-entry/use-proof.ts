import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import type { auditKeySchema, auditProofSchema } from '@postern/shared/protocol/audit';
import { call } from '../../api/call.ts';
import { Refusal } from '../../api/refusal.ts';
import { verifyProof } from './verify-proof.ts';

type Answer = z.output<typeof auditProofSchema>;
type Key = z.output<typeof auditKeySchema>;

/** So soon again, while no checkpoint covers the entry. */
const againMs = 5000;

/** Fetches the proof of an entry and the key of the log, and checks them here. */
export function useProof(entry: AuditEntryView) {
  const found = useQuery({
    queryKey: ['audit proof', entry.seq],
    queryFn: async ({ signal }) => {
      const [answer, { key }] = await Promise.all([
        call<Answer>('GET', `/v1/admin/audit/${entry.seq}/proof`, undefined, signal),
        call<Key>('GET', '/v1/audit/key', undefined, signal),
      ]);
      return { answer, key, result: await verifyProof(entry, answer, key) };
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchInterval: ({ state: { error } }) => (isNotSignedYet(error) ? againMs : false),
  });
  return { ...found, isWaiting: isNotSignedYet(found.error) };
}

/** The entry is there, as this page shows it: what is not found is a checkpoint that covers it. */
function isNotSignedYet(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}
