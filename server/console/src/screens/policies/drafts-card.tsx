import { Group, Switch, Text } from '@mantine/core';
import { Card } from '../../parts/card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { draftColumns } from '../../parts/policy/draft-columns.tsx';
import { OpenDrafts } from '../../parts/policy/open-drafts.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';

const words = t.policies;
const path = '/v1/admin/policy-drafts';

/** What is being changed; on request also what was decided. */
export function DraftsCard() {
  const { value, change } = useSearchState(['drafts']);
  const showsAll = value.drafts === 'all';
  const empty = (
    <Text size="sm" c="dimmed">
      {`${words.noDrafts}. ${words.noDraftsText}`}
    </Text>
  );
  return (
    <Card
      title={words.drafts}
      actions={
        <Group gap="md">
          <Switch
            label={t.drafting.showDecided}
            checked={showsAll}
            onChange={({ currentTarget: { checked } }) => change({ drafts: checked ? 'all' : undefined })}
          />
          <CsvButton name="policy-drafts" columns={draftColumns} path={path} query={{}} />
        </Group>
      }
    >
      {showsAll ? (
        <PagedTable
          label={words.draftList}
          columns={draftColumns}
          path={path}
          query={{}}
          idOf={({ id }) => id}
          empty={empty}
        />
      ) : (
        <OpenDrafts empty={empty} />
      )}
    </Card>
  );
}
