import { Badge, Group, Stack } from '@mantine/core';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { CompareVersions } from '../../parts/diff/compare-versions.tsx';
import { EnforcementSign } from '../../parts/policy/signs.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { RollBack } from './roll-back.tsx';

const words = t.policy;

/** Every version that there was, any two of them compared, and the way back. */
export function VersionsView({ name, versions }: { name: string; versions: readonly PolicyVersion[] }) {
  const isAdmin = useIs('admin');
  const current = versions.find((each) => each.current)?.version;
  const columns: readonly Column<PolicyVersion>[] = isAdmin ? [...plainColumns, rollBackColumn(current)] : plainColumns;
  return (
    <Stack>
      <Card
        title={words.versions}
        actions={
          <CsvButton
            name={`${name}-versions`}
            columns={plainColumns}
            path={`/v1/admin/policies/${name}/versions`}
            query={{}}
          />
        }
      >
        <DataTable
          label={words.versions}
          columns={columns}
          items={versions}
          idOf={({ version }) => String(version)}
          empty={null}
        />
      </Card>
      <Card title={words.compare}>
        <CompareVersions versions={versions} />
      </Card>
    </Stack>
  );
}

const plainColumns: readonly Column<PolicyVersion>[] = [
  {
    key: 'version',
    title: t.policies.version,
    show: ({ version, current }) => (
      <Group gap={6}>
        {version}
        {current && <Badge color="green">{words.current}</Badge>}
      </Group>
    ),
    text: ({ version }) => version,
  },
  {
    key: 'enforcement',
    title: t.policies.enforcement,
    show: ({ enforcement }) => <EnforcementSign enforcement={enforcement} />,
    text: ({ enforcement }) => enforcement,
  },
  {
    key: 'published',
    title: t.policies.published,
    show: ({ publishedAt }) => <When at={publishedAt} />,
    text: ({ publishedAt }) => publishedAt,
  },
  {
    key: 'drafted',
    title: t.policies.draftedBy,
    show: ({ draftedBy }) => draftedBy ?? t.policies.nobody,
    text: ({ draftedBy }) => draftedBy,
  },
  {
    key: 'approved',
    title: t.policies.approvedBy,
    show: ({ approvedBy }) => approvedBy ?? t.policies.nobody,
    text: ({ approvedBy }) => approvedBy,
  },
  { key: 'note', title: t.policies.note, show: ({ note }) => note ?? '', text: ({ note }) => note },
];

const rollBackColumn = (current: number | undefined): Column<PolicyVersion> => ({
  key: 'rollBack',
  title: t.common.actions,
  show: (version) => (version.current ? null : <RollBack to={version} current={current} />),
  text: () => null,
});
