import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../../parts/confirm.tsx';
import type { Draft, PolicyVersion } from '../../parts/policy/types.ts';
import { useProvenPolicyAct } from '../../parts/policy/use-prove-policy.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.policy;

/** Puts an earlier version into force again: proposed to another admin, or at once where there is only one. */
export function RollBack({ to, current }: { to: PolicyVersion; current: number | undefined }) {
  const [isAsked, setAsked] = useState(false);
  const act = useProvenPolicyAct();
  const navigate = useNavigate();
  const { name, version, documentHash } = to;
  const go = async (reason: string) => {
    const draft = await act<Draft>(
      `/v1/admin/policies/${name}/rollback`,
      { version, reason },
      {
        about: { action: 'roll-back-policy', target: name, content: documentHash },
        sentence: words.rollBackProof(version, name),
      },
    );
    if (draft.publishedVersion !== null) tell(words.rolledBack(draft.publishedVersion));
    else {
      tell(words.submitted);
      await navigate({ to: '/policy-drafts/$id', params: { id: draft.id } });
    }
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)} aria-label={words.rollBackTo(version)}>
        {words.rollBack}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.rollBackTitle(version, name)}
        button={words.rollBack}
        reason={{ label: words.reason, required: true }}
        act={go}
      >
        <Text size="sm">{words.rollBackText(current)}</Text>
      </Confirm>
    </>
  );
}
