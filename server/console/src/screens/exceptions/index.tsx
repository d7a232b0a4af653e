import { Group, Tabs } from '@mantine/core';
import { useState } from 'react';
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
      <Tabs
        value={tab}
        onChange={(next) => filters.change({ tab: next ?? undefined, state: undefined })}
        keepMounted={false}
      >
        <Tabs.List aria-label={words.tabs} mb="sm">
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words.tab[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Panel key={each} value={each}>
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
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
