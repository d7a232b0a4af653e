import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import type { TemplateProposal } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';

const words = t.templates;

/** Proposes that nobody may ask under it any more. */
export function ProposeRetirement({ name }: { name: string }) {
  const [isAsked, setAsked] = useState(false);
  const navigate = useNavigate();
  const act = useAct(
    (note: string) => call<TemplateProposal>('POST', '/v1/admin/templates/proposals', { retire: name, note }),
    staleAfter.template,
  );
  const go = async (note: string) => {
    const { id } = await act.mutateAsync(note);
    tell(words.sent);
    await navigate({ to: '/template-proposals/$id', params: { id } });
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
