import { Alert, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { AppLink, ButtonLink } from '../../parts/app-link.tsx';
import { CompareVersions } from '../../parts/diff/compare-versions.tsx';
import { Facts } from '../../parts/facts.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { When } from '../../parts/when.tsx';
import { YamlEditor } from '../../parts/yaml-editor/yaml-editor.tsx';
import { t } from '../../strings/index.ts';
import { ProposeRetirement } from './propose-retirement.tsx';

const words = t.templates;

/** One template: what it says, and what it said. */
export default function Template() {
  const { name = '' } = useParams({ strict: false });
  const { data, error, refetch } = useGet<{ items: TemplateVersion[] }>(`/v1/admin/templates/${name}`);
  const newest = data?.items[0];
  if (data === undefined || newest === undefined || newest.name !== name)
    return <NotYet error={error} refetch={refetch} title={t.common.things.template} />;
  return <Known newest={newest} versions={data.items} />;
}

function Known({ newest, versions }: { newest: TemplateVersion; versions: readonly TemplateVersion[] }) {
  const isAdmin = useIs('admin');
  const current = versions.find((each) => each.current);
  const { name, title, document, version, kind, proposedBy, approvedBy, publishedAt } = current ?? newest;
  return (
    <Page
      title={title}
      above={<AppLink to="/templates">{words.all}</AppLink>}
      lead={name}
      actions={
        isAdmin && (
          <>
            {current !== undefined && <ProposeRetirement name={name} />}
            <ButtonLink to="/template-proposals/$id" params={{ id: 'new' }} search={{ template: name }}>
              {words.propose}
            </ButtonLink>
          </>
        )
      }
    >
      <Stack gap="lg">
        {current === undefined && <Alert color="yellow">{words.retiredText}</Alert>}
        <Facts
          facts={[
            [words.kind, words.kinds[kind]],
            [words.version, version],
            [words.published, <When key="published" at={publishedAt} both />],
            [words.proposedBy, proposedBy ?? words.theProgram],
            [words.approvedBy, approvedBy ?? words.theProgram],
          ]}
        />
        <AddressTabs
          label={words.views}
          parameter="view"
          usual="document"
          tabs={[
            {
              name: 'document',
              label: words.document,
              content: <YamlEditor value={document} label={words.editorLabel} />,
            },
            { name: 'versions', label: words.versions, content: <CompareVersions versions={versions} /> },
          ]}
        />
      </Stack>
    </Page>
  );
}
