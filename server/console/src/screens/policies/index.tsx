import { Stack, Text } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { t } from '../../strings/index.ts';
import { DraftsCard } from './drafts-card.tsx';
import { policyColumns } from './policy-columns.tsx';
import { replayColumns } from './replay-columns.tsx';

const words = t.policies;

/** What counts, what is being changed, and what was tried. */
export default function Policies() {
  const isAdmin = useIs('admin');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        isAdmin && (
          <ButtonLink to="/policy-drafts/$id" params={{ id: 'new' }}>
            {words.newPolicy}
          </ButtonLink>
        )
      }
    >
      <Stack gap="lg">
        <DraftsCard />
        <Card
          title={words.inForce}
          actions={<CsvButton name="policies" columns={policyColumns} path="/v1/admin/policies" query={{}} />}
        >
          <PagedTable
            label={words.inForceList}
            columns={policyColumns}
            path="/v1/admin/policies"
            query={{}}
            idOf={({ name }) => name}
            empty={<EmptyState icon={IconScale} title={words.noPolicies} text={words.noPoliciesText} />}
          />
        </Card>
        <Card
          title={words.replays}
          actions={
            <CsvButton name="policy-replays" columns={replayColumns} path="/v1/admin/policy-replays" query={{}} />
          }
        >
          <PagedTable
            label={words.replayList}
            columns={replayColumns}
            path="/v1/admin/policy-replays"
            query={{}}
            idOf={({ id }) => id}
            empty={
              <Text size="sm" c="dimmed">
                {`${words.noReplays}. ${words.noReplaysText}`}
              </Text>
            }
          />
        </Card>
      </Stack>
    </Page>
  );
}
