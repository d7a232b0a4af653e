import { Group, NativeSelect } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { Card } from '../../parts/card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { deviceColumns } from './device-columns.tsx';
import { changes } from './changes.ts';

const words = t.policyReplay;

/** Each device and person for which something would change: what, when and why. */
export function DeviceList({ id, summary }: { id: string; summary: ReplaySummary }) {
  const { value, change } = useSearchState(['change']);
  const path = `/v1/admin/policy-replays/${id}/devices`;
  const query = { change: value.change };
  const isEmpty = changes.every((each) => summary.changes[each] === 0);
  return (
    <Card
      title={words.list}
      actions={
        <Group gap="xs" align="flex-end">
          <NativeSelect
            size="xs"
            aria-label={words.change}
            value={value.change ?? ''}
            onChange={({ currentTarget }) => change({ change: currentTarget.value || undefined })}
            data={[
              { value: '', label: words.everyChange },
              ...changes.map((each) => ({ value: each, label: `${words.changes[each]} (${summary.changes[each]})` })),
            ]}
          />
          <CsvButton name={`replay-${summary.policy}`} columns={deviceColumns} path={path} query={query} />
        </Group>
      }
    >
      <PagedTable
        label={words.listLabel}
        columns={deviceColumns}
        path={path}
        query={query}
        idOf={({ device }) => device.id}
        empty={
          <EmptyState
            icon={IconDeviceLaptop}
            title={isEmpty ? words.none : words.noneOfKind}
            text={isEmpty ? words.noneText : words.noneOfKindText}
          />
        }
      />
    </Card>
  );
}
