import { Button } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import type { Draft } from '../../parts/policy/types.ts';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

/** Hands a draft to whoever approves it; what is not saved is saved first. */
export function Submit({ draft, save }: { draft: Draft; save: (() => Promise<Draft | undefined>) | undefined }) {
  const submit = useAct(
    ({ id, version }: Draft) => call<Draft>('POST', `/v1/admin/policy-drafts/${id}/submit`, { version }),
    staleAfter.policy,
  );
  const go = async () => {
    const saved = save === undefined ? draft : await save();
    if (saved !== undefined) await tellOutcome(() => submit.mutateAsync(saved), t.policyDraft.submitted);
  };
  return (
    <Button onClick={() => void go()} loading={submit.isPending}>
      {t.policyDraft.submit}
    </Button>
  );
}
