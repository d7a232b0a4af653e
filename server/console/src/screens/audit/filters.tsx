import { Group, Pill, Select } from '@mantine/core';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from '../../strings/index.ts';
import type { AuditSearch, filterNames } from './filter.ts';
import { PeriodField } from './period-field.tsx';

const words = t.audit.filters;

interface Filter {
  value: AuditSearch;
  change: (some: Partial<Record<(typeof filterNames)[number], string | undefined>>) => void;
}

const kinds = t.audit.groups.map(({ id, title, words: begin }) => ({
  group: title,
  items: [
    { value: `group ${id}`, label: words.allOf(title) },
    ...Object.entries(t.audit.titles)
      .filter(([type]) => begin.includes(type.slice(0, type.indexOf('.'))))
      .map(([value, label]) => ({ value, label })),
  ],
}));

/** What the record is searched by. All of it stands in the address. */
export function Filters({ filters: { value, change } }: { filters: Filter }) {
  const { type, group, about, actor, subject, outcome } = value;
  const pick = (chosen: string | null) => {
    const isGroup = chosen?.startsWith('group ') === true;
    change({ type: isGroup || chosen === null ? undefined : chosen, group: isGroup ? chosen.slice(6) : undefined });
  };
  return (
    <Group gap="xs" role="search" aria-label={words.label} align="flex-end">
      <Select
        size="xs"
        w={240}
        aria-label={words.type}
        placeholder={words.anyType}
        data={kinds}
        value={type ?? (group === undefined ? null : `group ${group}`)}
        onChange={pick}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': words.remove(words.type) }}
        maxDropdownHeight={360}
      />
      <SearchField label={words.about} value={about} change={(next) => change({ about: next })} width={260} />
      <ChoiceField
        label={words.outcome}
        any={words.anyOutcome}
        choices={Object.entries(t.audit.outcomes).map(([each, label]) => ({ value: each, label }))}
        value={outcome}
        change={(next) => change({ outcome: next })}
      />
      <PeriodField value={value} change={change} />
      {actor !== undefined && <Removable label={words.actor(actor)} remove={() => change({ actor: undefined })} />}
      {subject !== undefined && (
        <Removable label={words.subject(subject)} remove={() => change({ subject: undefined })} />
      )}
    </Group>
  );
}

/** A filter that a link brought along. */
function Removable({ label, remove }: { label: string; remove: () => void }) {
  return (
    <Pill
      withRemoveButton
      onRemove={remove}
      removeButtonProps={{ 'aria-label': words.remove(label), tabIndex: 0, 'aria-hidden': false }}
    >
      {label}
    </Pill>
  );
}
