import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshPath } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import type { TemplateProposal } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';

const words = t.templates;

/** Approve what somebody else proposed, or end it without anything coming into force. */
export function ProposalActions({
  proposal: { id, name, action, state, documentHash, proposedBy },
}: {
  proposal: TemplateProposal;
}) {
  const [asked, ask] = useState<'approve' | 'discard'>();
  const client = useQueryClient();
  if (state !== 'proposed') return null;
  const path = `/v1/admin/templates/proposals/${id}`;
  const isRetirement = action === 'retire';
  const refresh = () => Promise.all(staleAfter.template.map((each) => refreshPath(client, each)));
  const approve = async () => {
    try {
      const about = { action: 'approve-template', target: id, content: documentHash } as const;
      await sendProven(
        'POST',
        `${path}/approve`,
        {},
        {
          about: { purpose: 'manage', about },
          sentence: isRetirement ? words.approveRetireProof(name) : words.approveProof(name),
        },
      );
      tell(isRetirement ? words.approvedRetirement : words.approved);
    } finally {
      await refresh();
    }
  };
  const discard = async (reason: string) => {
    await call('POST', `${path}/discard`, reason === '' ? {} : { reason });
    tell(t.drafting.discarded);
    await refresh();
  };
  const close = () => ask(undefined);
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => ask('discard')}>
        {t.drafting.discard}
      </Button>
      <Button onClick={() => ask('approve')}>{t.drafting.approve}</Button>
      <Confirm
        opened={asked === 'discard'}
        onClose={close}
        title={words.discardTitle}
        button={t.drafting.discard}
        danger
        reason={{ label: t.drafting.discardReason, required: false }}
        act={discard}
      >
        <Text size="sm">{words.discardText(proposedBy.name)}</Text>
      </Confirm>
      <Confirm
        opened={asked === 'approve'}
        onClose={close}
        title={isRetirement ? words.approveRetireTitle(name) : t.drafting.approveTitle(name)}
        button={t.drafting.approve}
        act={approve}
      >
        <Text size="sm">{isRetirement ? words.approveRetireText : words.approveText}</Text>
      </Confirm>
    </>
  );
}
