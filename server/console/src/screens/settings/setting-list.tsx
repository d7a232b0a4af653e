import { Badge, Checkbox, Code, Group, Text } from '@mantine/core';
import { IconAdjustmentsOff } from '@tabler/icons-react';
import type { EffectiveSetting } from '@postern/shared/protocol/settings';
import { Card } from '../../parts/card.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { TwoLines } from '../../parts/two-lines.tsx';
import { t } from '../../strings/index.ts';
import { findSettings, saySetting } from './say-setting.ts';

const words = t.installation;
const colors = { environment: 'blue', file: 'teal', default: 'gray' } as const;

const columns: readonly Column<EffectiveSetting>[] = [
  {
    key: 'setting',
    title: words.setting,
    show: ({ file, variable }) => <TwoLines first={<Code>{file}</Code>} second={variable} />,
    text: ({ variable }) => variable,
  },
  {
    key: 'value',
    title: words.value,
    show: (setting) => (
      <Text
        size="sm"
        style={{ overflowWrap: 'anywhere' }}
        {...(setting.value === null ? { c: 'dimmed' as const, fs: 'italic' as const } : {})}
      >
        {saySetting(setting)}
      </Text>
    ),
    text: saySetting,
  },
  {
    key: 'source',
    title: words.source,
    show: ({ source }) => <Badge color={colors[source]}>{words.sources[source]}</Badge>,
    text: ({ source }) => source,
  },
];

/** Everything that can be configured, as it is in effect. */
export function SettingList({ settings }: { settings: readonly EffectiveSetting[] }) {
  const { value, change, clear } = useSearchState(['q', 'set']);
  const onlySet = value.set === 'true';
  const found = findSettings(settings, { q: value.q, onlySet });
  return (
    <Card
      title={words.settings}
      actions={
        <Group gap="xs">
          <Checkbox
            size="xs"
            label={words.onlySet}
            checked={onlySet}
            onChange={({ currentTarget }) => change({ set: currentTarget.checked ? 'true' : undefined })}
          />
          <SearchField label={words.find} value={value.q} change={(q) => change({ q })} />
          <ItemsCsv name="settings" columns={columns} items={found} />
        </Group>
      }
    >
      <DataTable
        label={words.settingList}
        columns={columns}
        items={found}
        idOf={({ variable }) => variable}
        empty={
          <EmptyState icon={IconAdjustmentsOff} title={words.noneMatch} text={words.noneMatchText}>
            <ClearFilters clear={clear} prominent />
          </EmptyState>
        }
      />
    </Card>
  );
}
