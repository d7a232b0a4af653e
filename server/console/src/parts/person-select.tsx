import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { User } from '@postern/shared/protocol/admin';
import { type Page, useGet } from '../api/queries.ts';

const shown = 20;

/** Somebody who is known here, found by name or address. */
export function PersonSelect({
  label,
  placeholder,
  nothingFound,
  required = false,
  value,
  change,
  error,
}: {
  label: string;
  placeholder: string;
  nothingFound: string;
  required?: boolean;
  /** Id of the chosen person; empty for nobody. */
  value: string;
  change: (id: string) => void;
  error?: React.ReactNode;
}) {
  const [typed, type] = useState('');
  const [sought] = useDebouncedValue(typed, 250);
  const [chosen, choose] = useState<{ value: string; label: string }>();
  // What stands in the field after somebody was chosen is their name, and no search.
  const q = sought === chosen?.label ? '' : sought.replace(/ \(.*\)$/, '');
  const { data } = useGet<Page<User>>('/v1/admin/users', { limit: shown, q });
  const found = (data?.items ?? [])
    .filter(({ active }) => active)
    .map(({ id, name, email }) => ({ value: id as string, label: `${name} (${email})` }));
  const all = chosen === undefined || found.some((each) => each.value === chosen.value) ? found : [chosen, ...found];
  return (
    <Select
      label={label}
      placeholder={placeholder}
      nothingFoundMessage={nothingFound}
      required={required}
      searchable
      data={all}
      // The backend has searched already.
      filter={({ options }) => options}
      value={value === '' ? null : value}
      onSearchChange={type}
      onChange={(id) => {
        choose(all.find((each) => each.value === id));
        change(id ?? '');
      }}
      error={error}
    />
  );
}
