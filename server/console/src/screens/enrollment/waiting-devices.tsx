import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { DeviceSummary } from '@postern/shared/protocol/admin';
import { Card } from '../../parts/card.tsx';
import type { Column } from '../../parts/column.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { type DeviceAction, DeviceActDialog } from '../../parts/device/device-act.tsx';
import { deviceColumns, deviceCsvColumns } from '../../parts/device/device-columns.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { AdmitButtons } from './admit-buttons.tsx';

const words = t.enrollment.waiting;
const path = '/v1/admin/devices';
const query = { state: 'pending' } as const;
const shown = new Set(['name', 'owner', 'platform', 'keyProtection']);

type Ask = (asked: { device: DeviceSummary; action: DeviceAction }) => void;

const columnsOf = (ask: Ask): Column<DeviceSummary>[] => [
  ...deviceColumns.filter(({ key }) => shown.has(key)),
  {
    key: 'enrolled',
    title: t.devices.columns.enrolled,
    show: ({ enrolledAt }) => <When at={enrolledAt} />,
    text: ({ enrolledAt }) => enrolledAt,
  },
  {
    key: 'actions',
    title: t.common.actions,
    show: (device) => <AdmitButtons device={device} ask={(action) => ask({ device, action })} />,
    text: () => null,
  },
];

/** Devices that wait for an admin. */
export function WaitingDevices() {
  const [asked, ask] = useState<Parameters<Ask>[0]>();
  return (
    <Card
      title={words.title}
      actions={<CsvButton name="waiting-devices" columns={deviceCsvColumns} path={path} query={query} />}
    >
      {words.lead}
      <PagedTable<DeviceSummary>
        label={words.title}
        columns={columnsOf(ask)}
        path={path}
        query={query}
        idOf={({ id }) => id}
        empty={<EmptyState icon={IconCircleCheck} {...words.none} />}
      />
      {asked !== undefined && (
        <DeviceActDialog device={asked.device} action={asked.action} onClose={() => ask(undefined)} />
      )}
    </Card>
  );
}
