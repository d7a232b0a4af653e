import { Group, Text, TextInput } from '@mantine/core';
import { IconFilterOff, IconHistory } from '@tabler/icons-react';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from '../../strings/index.ts';
import { logColumns } from './log-columns.tsx';
import { endOfDay, startOfDay } from './period.ts';

const words = t.access;
const path = '/v1/admin/access/log';

interface Filter {
  person: string | undefined;
  resource: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

/** Who had access to what, when, for how long, and what was done with it. */
export function Log({ value, change }: { value: Filter; change: (some: Partial<Filter>) => void }) {
  const { person, resource, from, to } = value;
  const query = { person, resource, from: startOfDay(from), to: endOfDay(to) };
  const isFiltered = [person, resource, from, to].some((each) => each !== undefined);
  const { logTitle, logText, filteredTitle, filteredText } = words.empty;
  return (
    <>
      <Group justify="space-between" align="flex-end" mb="xs">
        <Group gap="sm" align="flex-end">
          <SearchField label={words.filters.resource} value={resource} change={(next) => change({ resource: next })} />
          <DayField label={words.filters.from} value={from} change={(next) => change({ from: next })} />
          <DayField label={words.filters.to} value={to} change={(next) => change({ to: next })} />
        </Group>
        <CsvButton name="access-log" columns={logColumns} path={path} query={query} />
      </Group>
      <Text size="xs" c="dimmed" mb="sm">
        {words.recorded}
      </Text>
      <PagedTable
        label={words.list.log}
        columns={logColumns}
        path={path}
        query={query}
        idOf={({ id }) => id}
        empty={
          isFiltered ? (
            <EmptyState icon={IconFilterOff} title={filteredTitle} text={filteredText} />
          ) : (
            <EmptyState icon={IconHistory} title={logTitle} text={logText} />
          )
        }
      />
    </>
  );
}

function DayField({
  label,
  value,
  change,
}: {
  label: string;
  value: string | undefined;
  change: (value: string | undefined) => void;
}) {
  return (
    <TextInput
      size="xs"
      type="date"
      label={label}
      value={value ?? ''}
      onChange={({ currentTarget }) => change(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  );
}
