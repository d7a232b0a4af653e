import { Alert, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { usePages } from '../../api/queries.ts';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { ScreenNotFound } from '../../parts/not-found.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { JourneySteps } from '../../parts/policy/journey-steps.tsx';
import { OpenDrafts } from '../../parts/policy/open-drafts.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';
import { PolicyActions } from './policy-actions.tsx';
import { PolicyFacts } from './policy-facts.tsx';
import { RulesView } from './rules-view.tsx';
import { VersionsView } from './versions-view.tsx';

const words = t.policy;

/** One policy: what it says, what it said, and how to change it. */
export default function Policy() {
  const { name = '' } = useParams({ strict: false });
  const { data, error, refetch } = usePages<PolicyVersion>(`/v1/admin/policies/${name}/versions`, { limit: 100 });
  if (data === undefined) return <NotYet error={error} refetch={refetch} title={t.common.things.policy} />;
  const versions = data.pages.flatMap(({ items }) => items);
  const [newest] = versions;
  return newest === undefined ? <ScreenNotFound /> : <Known newest={newest} versions={versions} />;
}

function Known({ newest, versions }: { newest: PolicyVersion; versions: readonly PolicyVersion[] }) {
  const current = versions.find((each) => each.current);
  const shown = current ?? newest;
  return (
    <Page
      title={shown.title}
      above={<AppLink to="/policies">{words.all}</AppLink>}
      lead={shown.name}
      actions={<PolicyActions newest={newest} current={current} />}
    >
      <Stack gap="lg">
        {current === undefined ? (
          <Alert color="yellow" title={words.retired}>
            {words.retiredText}
          </Alert>
        ) : (
          <JourneySteps draft="none" isReplayed={false} enforcement={current.enforcement} />
        )}
        {current?.enforcement === 'report-only' && <Alert color="gray">{words.watched}</Alert>}
        <PolicyFacts policy={shown} />
        <Card title={words.draftsOf}>
          <OpenDrafts policy={shown.name} empty={words.noDraft} />
        </Card>
        <AddressTabs
          label={words.views}
          parameter="view"
          usual="rules"
          tabs={[
            { name: 'rules', label: words.rules, content: <RulesView version={shown} /> },
            {
              name: 'document',
              label: words.document,
              content: <YamlEditor value={shown.document} label={t.policyDraft.editorLabel} />,
            },
            {
              name: 'versions',
              label: words.versions,
              content: <VersionsView name={shown.name} versions={versions} />,
            },
          ]}
        />
      </Stack>
    </Page>
  );
}
