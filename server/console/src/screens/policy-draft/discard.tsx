import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { namesOf } from './what-now.ts';

const words = t.policyDraft;

/** Ends a draft without anything of it coming into force: one's own, or one that one does not approve. */
export function Discard({ draft }: { draft: Draft }) {
  const [isAsked, setAsked] = useState(false);
  const { id, version } = draft;
  const act = useAct(
    (reason: string) =>
      call('POST', `/v1/admin/policy-drafts/${id}/discard`, { version, ...(reason === '' ? {} : { reason }) }),
    staleAfter.policy,
  );
  const go = async (reason: string) => {
    await act.mutateAsync(reason);
    tell(t.drafting.discarded);
  };
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsked(true)}>
        {t.drafting.discard}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.discardTitle}
        button={t.drafting.discard}
        danger
        reason={{ label: t.drafting.discardReason, required: false }}
        act={go}
      >
        <Text size="sm">{words.discardText(namesOf(draft))}</Text>
      </Confirm>
    </>
  );
}
