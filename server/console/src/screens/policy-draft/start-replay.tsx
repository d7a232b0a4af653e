import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import type { Draft } from '../../parts/policy/types.ts';
import { tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

/** Finds out whom a draft would block; what is not saved is saved first. */
export function StartReplay({ draft, save }: { draft: Draft; save: (() => Promise<Draft | undefined>) | undefined }) {
  const navigate = useNavigate();
  const start = useAct(
    (id: string) => call<PolicyReplay>('POST', '/v1/admin/policy-replays', { draft: id }),
    staleAfter.replay,
  );
  const go = async () => {
    const saved = save === undefined ? draft : await save();
    if (saved === undefined) return;
    try {
      const { id } = await start.mutateAsync(saved.id);
      await navigate({
        to: '/policy-replays/$id',
        params: { id },
        search: { draft: saved.id },
        ignoreBlocker: true,
      });
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={16} />}
      onClick={() => void go()}
      loading={start.isPending}
    >
      {t.policyDraft.replay}
    </Button>
  );
}
