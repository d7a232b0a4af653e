import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../../parts/confirm.tsx';
import type { Draft, PolicyVersion } from '../../parts/policy/types.ts';
import { useProvenPolicyAct } from '../../parts/policy/use-prove-policy.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.policy;

/** Takes a policy out of force: proposed to another admin, or at once where there is only one. */
export function Retire({ policy: { name, documentHash } }: { policy: PolicyVersion }) {
  const [isAsked, setAsked] = useState(false);
  const act = useProvenPolicyAct();
  const navigate = useNavigate();
  const go = async (reason: string) => {
    const draft = await act<Draft>(
      `/v1/admin/policies/${name}/retire`,
      { reason },
      { about: { action: 'retire-policy', target: name, content: documentHash }, sentence: words.retireProof(name) },
    );
    if (draft.state === 'published') tell(words.retireDone);
    else {
      tell(words.submitted);
      await navigate({ to: '/policy-drafts/$id', params: { id: draft.id } });
    }
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {words.retire}
      </Button>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={words.retireTitle(name)}
        button={words.retire}
        danger
        reason={{ label: words.reason, required: true }}
        act={go}
      >
        <Text size="sm">{words.retireText}</Text>
      </Confirm>
    </>
  );
}
