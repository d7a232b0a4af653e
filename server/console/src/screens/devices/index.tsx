import { Group, Stack } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { DeviceSummary } from '@postern/shared/protocol/admin';
import { usePages } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { deviceColumns, deviceCsvColumns } from '../../parts/device/device-columns.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SavedViews } from '../../parts/saved-views/saved-views.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { ActiveFilters } from './active-filters.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { filterNames } from './facet-names.ts';
import classes from './devices.module.css';

const path = '/v1/admin/devices';

/** Every machine that was enrolled. */
export default function Devices() {
  const { value, change, clear, isFiltered } = useSearchState(filterNames);
  const isAdmin = useIs('admin');
  const first = usePages<DeviceSummary>(path, value).data?.pages[0]?.items[0];
  const words = t.devices.none;
  return (
    <Page
      title={t.devices.title}
      lead={t.devices.lead}
      actions={
        <>
          <CsvButton name="devices" columns={deviceCsvColumns} path={path} query={value} />
          {isAdmin && (
            <ButtonLink to="/enrollment" size="xs">
              {t.devices.enroll}
            </ButtonLink>
          )}
        </>
      }
    >
      <div className={classes['layout']}>
        <FacetPanel chosen={value} choose={change} />
        <Stack gap="sm">
          <Group gap="xs" justify="space-between">
            <SearchField label={t.devices.search} value={value.q} change={(q) => change({ q })} width={320} />
            <SavedViews screen="/devices" />
          </Group>
          <ActiveFilters
            chosen={value}
            ownerName={first?.owner.id === value.owner ? first?.owner.name : undefined}
            remove={(name) => change({ [name]: undefined })}
            clear={clear}
          />
          <PagedTable<DeviceSummary>
            label={t.devices.title}
            columns={deviceColumns}
            path={path}
            query={value}
            idOf={({ id }) => id}
            empty={
              <EmptyState
                icon={IconDeviceLaptop}
                title={isFiltered ? words.filteredTitle : words.title}
                text={isFiltered ? words.filtered : words.text}
              >
                {isFiltered && <ClearFilters clear={clear} prominent />}
              </EmptyState>
            }
          />
        </Stack>
      </div>
    </Page>
  );
}
