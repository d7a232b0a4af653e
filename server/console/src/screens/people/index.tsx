import { Button, Group, Stack } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { Role, User } from '@postern/shared/protocol/admin';
import { useIs } from '../../app/session.tsx';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SavedViews } from '../../parts/saved-views/saved-views.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { AddPerson } from './add-person.tsx';
import { personColumns } from './person-columns.tsx';

const words = t.people;
const path = '/v1/admin/users';
const filterNames = ['q', 'role', 'group', 'active'] as const;
const roleChoices = (Object.keys(words.roles) as Role[]).map((role) => ({ value: role, label: words.roles[role] }));
const standings = [
  { value: 'true', label: words.active },
  { value: 'false', label: words.away },
];

/** Everybody who is known here. */
export default function People() {
  const { value, change, clear, isFiltered } = useSearchState(filterNames);
  const isAdmin = useIs('admin');
  const [isAdding, setAdding] = useState(false);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <CsvButton name="people" columns={personColumns} path={path} query={value} />
          {isAdmin && (
            <Button size="xs" leftSection={<IconUserPlus size={14} />} onClick={() => setAdding(true)}>
              {words.add}
            </Button>
          )}
        </>
      }
    >
      <Stack gap="sm">
        <Group gap="xs" justify="space-between">
          <Group gap="xs">
            <SearchField label={words.search} value={value.q} change={(q) => change({ q })} width={260} />
            <ChoiceField
              label={words.role}
              any={words.anyRole}
              choices={roleChoices}
              value={value.role}
              change={(role) => change({ role })}
            />
            <SearchField label={words.group} value={value.group} change={(group) => change({ group })} width={160} />
            <ChoiceField
              label={words.standing}
              any={words.anyStanding}
              choices={standings}
              value={value.active}
              change={(active) => change({ active })}
            />
            {isFiltered && <ClearFilters clear={clear} />}
          </Group>
          <SavedViews screen="/people" />
        </Group>
        <PagedTable<User>
          label={words.title}
          columns={personColumns}
          path={path}
          query={value}
          idOf={({ id }) => id}
          empty={
            <EmptyState
              icon={IconUsers}
              title={isFiltered ? words.none.filteredTitle : words.none.title}
              text={isFiltered ? words.none.filtered : words.none.text}
            />
          }
        />
      </Stack>
      <AddPerson opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}
