import { Group } from '@mantine/core';
import { useState } from 'react';
import { AddressTabs } from '../../parts/address-tabs.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { allColumns, historyColumns, openColumns } from './columns.tsx';
import { ExceptionFilters, filterNames } from './filters.tsx';
import { Nothing } from './nothing.tsx';
import { isTab, queryOf, tabs } from './query.ts';

const words = t.exceptions;
const path = '/v1/admin/exceptions';
const names = ['tab', ...filterNames] as const;

/** Who departs from which rule: in force, about to end, and over. */
export default function Exceptions() {
  const filters = useSearchState(names);
  const { tab: named, ...value } = filters.value;
  const tab = isTab(named) ? named : 'active';
  // Of the moment when the tab was opened: a list whose end moves with the clock would be another list each second.
  const [openedAt] = useState(() => Date.now());
  const query = queryOf(tab, value, openedAt);
  const columns = tab === 'history' ? historyColumns : tab === 'all' ? allColumns : openColumns;
  const isFiltered = filterNames.some((name) => value[name] !== undefined);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={<CsvButton name={`exceptions-${tab}`} columns={columns} path={path} query={query} />}
    >
      <AddressTabs
        label={words.tabs}
        usual="active"
        letGo={['state']}
        tabs={tabs.map((each) => ({
          name: each,
          label: words.tab[each],
          content: (
            <>
              <Group gap="sm" mb="sm">
                <ExceptionFilters value={value} change={filters.change} tab={tab} />
              </Group>
              <PagedTable
                label={words.list[each]}
                columns={columns}
                path={path}
                query={query}
                idOf={({ id }) => id}
                empty={<Nothing tab={each} isFiltered={isFiltered} />}
              />
            </>
          ),
        }))}
      />
    </Page>
  );
}
