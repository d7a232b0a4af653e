import { Alert, Group, Stack } from '@mantine/core';
import { useGet } from '../../api/queries.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import type { PolicyContent, PolicyVersion } from '../../parts/policy/types.ts';
import { secondsOf } from '../../parts/mine/lengths.ts';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';
import { ruleColumns } from './rule-columns.tsx';
import { sayScope } from './say-content.ts';

const words = t.policy;

/** What a version says, rule by rule, with what it leaves out filled in. */
export function RulesView({ version: { name, version } }: { version: PolicyVersion }) {
  const { data, error, refetch } = useGet<PolicyContent>(`/v1/admin/policies/${name}/versions/${version}`);
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  const { content } = data;
  if (content === null) return <Alert color="yellow">{words.notReadable}</Alert>;
  return (
    <Stack>
      <Facts
        facts={[
          [words.scope, sayScope(content)],
          [words.maxAge, sayLength(secondsOf(content.max_age))],
          [words.tokenLife, sayLength(secondsOf(content.token_life))],
        ]}
      />
      <Group justify="flex-end">
        <ItemsCsv name={`${name}-rules`} columns={ruleColumns} items={content.rules} />
      </Group>
      <DataTable
        label={words.ruleList}
        columns={ruleColumns}
        items={content.rules}
        idOf={({ id }) => id}
        empty={words.notReadable}
      />
    </Stack>
  );
}
