import { IconHandStop } from '@tabler/icons-react';
import type { BrakeView } from '@postern/shared/protocol/brake';
import { AppLink } from '../../parts/app-link.tsx';
import { BrakeSign } from '../../parts/brake/brake-sign.tsx';
import { sayBuild } from '../../parts/brake/say-build.ts';
import type { Column } from '../../parts/column.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.brakes;
const path = '/v1/admin/brakes';

/** Checks that stopped passing on many devices at once, and are doubted before the devices are. */
export default function Brakes() {
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={<CsvButton name="brakes" columns={columns} path={path} query={{}} />}
    >
      <PagedTable
        label={words.list}
        columns={columns}
        path={path}
        query={{}}
        idOf={({ id }) => id}
        empty={<EmptyState icon={IconHandStop} title={words.none} text={words.noneText} />}
      />
    </Page>
  );
}

const columns: readonly Column<BrakeView>[] = [
  {
    key: 'check',
    title: words.check,
    show: ({ id, check }) => (
      <AppLink to="/brakes/$id" params={{ id }}>
        {check}
      </AppLink>
    ),
    text: ({ check }) => check,
  },
  {
    key: 'build',
    title: words.build,
    show: sayBuild,
    text: sayBuild,
  },
  { key: 'state', title: words.state, show: ({ state }) => <BrakeSign state={state} />, text: ({ state }) => state },
  {
    key: 'devices',
    title: words.devices,
    show: ({ devices, devicesOfBuild }) => words.devicesOf(devices, devicesOfBuild),
    text: ({ devices }) => devices,
    numeric: true,
  },
  {
    key: 'opened',
    title: words.opened,
    show: ({ openedAt }) => <When at={openedAt} />,
    text: ({ openedAt }) => openedAt,
  },
  { key: 'ends', title: words.ends, show: ({ endsAt }) => <When at={endsAt} />, text: ({ endsAt }) => endsAt },
  {
    key: 'decidedBy',
    title: words.decidedBy,
    show: ({ decidedBy }) => decidedBy?.name ?? '',
    text: ({ decidedBy }) => decidedBy?.name ?? null,
  },
];
