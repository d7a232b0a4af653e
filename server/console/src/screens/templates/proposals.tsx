import { Group, Switch, Text } from '@mantine/core';
import { Card } from '../../parts/card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { proposalColumns } from '../../parts/template/proposal-columns.tsx';
import { t } from '../../strings/index.ts';

const words = t.templates;
const path = '/v1/admin/templates/proposals';

/** What waits for approval; on request also what was decided. */
export function Proposals() {
  const { value, change } = useSearchState(['proposals']);
  const showsAll = value.proposals === 'all';
  return (
    <Card
      title={words.proposals}
      actions={
        <Group gap="md">
          <Switch
            label={t.drafting.showDecided}
            checked={showsAll}
            onChange={({ currentTarget: { checked } }) => change({ proposals: checked ? 'all' : undefined })}
          />
          <CsvButton name="template-proposals" columns={proposalColumns} path={path} query={{}} />
        </Group>
      }
    >
      <PagedTable
        label={words.proposalList}
        columns={proposalColumns}
        path={path}
        query={showsAll ? {} : { state: 'proposed' }}
        idOf={({ id }) => id}
        empty={
          <Text size="sm" c="dimmed">
            {`${words.noProposals}. ${words.noProposalsText}`}
          </Text>
        }
      />
    </Card>
  );
}
