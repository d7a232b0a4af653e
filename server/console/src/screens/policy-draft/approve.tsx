import { Button, List, Text, Tooltip } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { Confirm } from '../../parts/confirm.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { useProvenPolicyAct } from '../../parts/policy/use-prove-policy.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** Puts exactly the text that is shown into force. Who wrote any of it is told why they cannot. */
export function Approve({ draft, replay }: { draft: Draft; replay: PolicyReplay | undefined }) {
  const [isAsked, setAsked] = useState(false);
  const act = useProvenPolicyAct();
  const { id, version, documentHash, approval, action, changedRules } = draft;
  const name = draft.policy ?? '';
  // A proof is asked for when it is needed; everything else is a reason why not.
  const isAllowed = approval.allowed || approval.why?.code === 'step_up_required';
  const go = async () => {
    const approved = await act<Draft>(
      `/v1/admin/policy-drafts/${id}/approve`,
      { documentHash, version },
      {
        about: { action: 'approve-policy-draft', target: id, content: documentHash },
        sentence: action === 'retire' ? t.policy.retireProof(name) : words.approveProof(name),
      },
    );
    tell(approved.publishedVersion === null ? words.approvedRetirement : words.approved(approved.publishedVersion));
  };
  const summary = replay?.summary ?? null;
  return (
    <>
      <Tooltip label={approval.why?.sentence ?? ''} disabled={isAllowed} w={280}>
        <Button
          leftSection={<IconCheck size={16} />}
          aria-disabled={!isAllowed}
          {...(isAllowed ? {} : { 'data-disabled': true })}
          onClick={() => isAllowed && setAsked(true)}
        >
          {t.drafting.approve}
        </Button>
      </Tooltip>
      <Confirm
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={action === 'retire' ? words.approveRetireTitle(name) : t.drafting.approveTitle(name)}
        button={t.drafting.approve}
        act={go}
      >
        <Text size="sm">{action === 'retire' ? t.policy.retireText : words.approveText(name)}</Text>
        {action === 'publish' && (
          <List size="sm">
            <List.Item>
              {summary === null
                ? words.notReplayed
                : words.replayed(
                    t.policyReplay.wouldBlock(summary.changes['newly-blocked'], summary.newlyBlocked.people),
                  )}
            </List.Item>
            {changedRules !== null && changedRules.length > 0 && (
              <List.Item>{words.changed(changedRules.length)}</List.Item>
            )}
          </List>
        )}
      </Confirm>
    </>
  );
}
