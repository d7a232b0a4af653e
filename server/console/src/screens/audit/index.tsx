import { Button, Group, Stack } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect } from 'react';
import { CsvButton } from '../../parts/csv-button.tsx';
import { Page } from '../../parts/page.tsx';
import { SavedViews } from '../../parts/saved-views/saved-views.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { entryColumns } from './columns.tsx';
import { EntryList } from './entry-list.tsx';
import { ExportButton } from './export-button.tsx';
import { filterNames } from './filter.ts';
import { Filters } from './filters.tsx';
import { useEntries } from './use-entries.ts';
import { useQuestion } from './use-question.ts';
import { VerifyWhole } from './verify-whole.tsx';

/** Who is this far up sees new entries come; who reads further down is told of them. */
const topPx = 240;

/** The record of everything, to be searched. */
export default function Audit() {
  const filters = useSearchState(filterNames);
  const query = useQuestion(filters.value);
  const entries = useEntries(query);
  const { newCount, showNew } = entries;
  useEffect(() => {
    if (newCount > 0 && window.scrollY < topPx) showNew();
  }, [newCount, showNew]);
  return (
    <Page
      title={t.audit.title}
      lead={`${t.audit.lead} ${t.audit.recorded}`}
      actions={
        <>
          <CsvButton name="audit" columns={entryColumns} path="/v1/admin/audit" query={query} />
          <ExportButton query={query} />
        </>
      }
    >
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <Filters filters={filters} />
          <SavedViews screen="/audit" />
        </Group>
        {newCount > 0 && (
          <Button
            variant="light"
            size="xs"
            pos="sticky"
            top={64}
            style={{ alignSelf: 'center', zIndex: 1 }}
            leftSection={<IconArrowUp size={14} />}
            onClick={() => {
              window.scrollTo({ top: 0 });
              showNew();
            }}
          >
            {t.audit.newer(newCount, entries.isMoreNew)}
          </Button>
        )}
        <EntryList entries={entries} clear={filters.isFiltered ? filters.clear : undefined} />
        <VerifyWhole />
      </Stack>
    </Page>
  );
}
