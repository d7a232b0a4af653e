import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** An edit takes a submission back: saving the same text is the smallest one. */
export function TakeBack({ draft, isAuthor }: { draft: Draft; isAuthor: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const { id, version, document, note } = draft;
  const act = useAct(
    () => call('PUT', `/v1/admin/policy-drafts/${id}`, { document, version, ...(note === null ? {} : { note }) }),
    staleAfter.policy,
  );
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {words.takeBack}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.takeBackTitle}
        button={words.takeBack}
        act={() => act.mutateAsync()}
      >
        <Text size="sm">{words.takeBackText(isAuthor)}</Text>
      </Confirm>
    </>
  );
}
