import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { type Page, useGet } from '../../api/queries.ts';
import type { Draft } from '../../parts/policy/types.ts';

/** The newest replay of exactly this text that came to an end. */
export function useLastReplay({ documentHash }: Pick<Draft, 'documentHash'>): PolicyReplay | undefined {
  const { data } = useGet<Page<PolicyReplay>>('/v1/admin/policy-replays', { limit: 100 });
  return data?.items.find((replay) => replay.documentHash === documentHash && replay.state === 'done');
}
