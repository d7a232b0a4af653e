import { Alert, Stack } from '@mantine/core';
import type { TemplateProposal, TemplateVersion } from '../../parts/template/types.ts';
import { useGet } from '../../api/queries.ts';
import { useIs, useMe } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Diff } from '../../parts/diff/diff.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Page } from '../../parts/page.tsx';
import { ProposalSign } from '../../parts/template/proposal-columns.tsx';
import { When } from '../../parts/when.tsx';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';
import { ProposalActions } from './proposal-actions.tsx';

const words = t.templates;

/** What is proposed, against what is in force, with the decision beside it. */
export function StoredProposal({ proposal }: { proposal: TemplateProposal }) {
  const { name, action, document, baseVersion, state, outdated, note, proposedBy, proposedAt, decidedAt } = proposal;
  const isAdmin = useIs('admin');
  const me = useMe();
  const { data } = useGet<{ items: TemplateVersion[] }>(
    `/v1/admin/templates/${name}`,
    {},
    { enabled: baseVersion > 0 },
  );
  const base = data?.items.find(({ version }) => version === baseVersion);
  return (
    <Page
      title={action === 'retire' ? words.retireProposal(name) : words.proposalTitle(name)}
      above={<AppLink to="/templates">{words.all}</AppLink>}
      actions={isAdmin && <ProposalActions proposal={proposal} />}
    >
      <Stack gap="lg">
        <Alert color={state === 'proposed' ? 'blue' : 'gray'}>
          {sayState(proposal, { isAdmin, isMine: proposedBy.id === me.id })}
        </Alert>
        <Facts
          facts={[
            [words.state, <ProposalSign key="state" state={state} outdated={outdated} />],
            [words.proposedBy, proposedBy.name],
            [words.proposed, <When key="proposed" at={proposedAt} both />],
            [t.common.decided, decidedAt === null ? null : <When key="decided" at={decidedAt} both />],
            [words.note, note],
          ]}
        />
        {action === 'publish' && base !== undefined && (
          <Card title={words.proposalDiff}>
            <Diff before={base.document} after={document} label={words.proposalDiff} />
          </Card>
        )}
        <Card title={words.document}>
          <YamlEditor value={document} label={words.editorLabel} />
        </Card>
      </Stack>
    </Page>
  );
}

function sayState(
  { state, outdated, proposedBy, decidedBy }: TemplateProposal,
  { isAdmin, isMine }: { isAdmin: boolean; isMine: boolean },
): string {
  if (state !== 'proposed') return words.decided(words.states[state], decidedBy?.name ?? '');
  if (outdated) return words.outdatedText;
  if (isMine) return words.yourOwn;
  return isAdmin ? words.waits(proposedBy.name) : words.waitsReadOnly;
}
