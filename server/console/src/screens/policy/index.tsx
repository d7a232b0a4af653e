import { Alert, Stack, Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { usePages } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { NotFound } from '../../parts/not-found.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { JourneySteps } from '../../parts/policy/journey-steps.tsx';
import { OpenDrafts } from '../../parts/policy/open-drafts.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { useSearchState } from '../../parts/search-state.ts';
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
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  const versions = data.pages.flatMap(({ items }) => items);
  const [newest] = versions;
  return newest === undefined ? <NotFound /> : <Known newest={newest} versions={versions} />;
}

function Known({ newest, versions }: { newest: PolicyVersion; versions: readonly PolicyVersion[] }) {
  const { value, change } = useSearchState(['view']);
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
        <Tabs
          value={value.view ?? 'rules'}
          onChange={(view) => change({ view: view === 'rules' ? undefined : (view ?? undefined) })}
        >
          <Tabs.List aria-label={words.views}>
            <Tabs.Tab value="rules">{words.rules}</Tabs.Tab>
            <Tabs.Tab value="document">{words.document}</Tabs.Tab>
            <Tabs.Tab value="versions">{words.versions}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="rules" pt="md">
            <RulesView version={shown} />
          </Tabs.Panel>
          <Tabs.Panel value="document" pt="md" keepMounted={false}>
            <YamlEditor value={shown.document} label={t.policyDraft.editorLabel} />
          </Tabs.Panel>
          <Tabs.Panel value="versions" pt="md" keepMounted={false}>
            <VersionsView name={shown.name} versions={versions} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Page>
  );
}
