import { Group } from '@mantine/core';
import type { DeviceSummary } from '@postern/shared/protocol/admin';
import { t } from '../../strings/index.ts';
import { AppLink } from '../app-link.tsx';
import type { Column } from '../column.ts';
import { DeviceStateSign, PostureSign } from '../standing.tsx';
import { When } from '../when.tsx';

const words = t.devices;

/** A device wherever it is listed. */
export const deviceColumns: readonly Column<DeviceSummary>[] = [
  {
    key: 'name',
    title: words.columns.name,
    show: ({ id, name }) => (
      <AppLink to="/devices/$id" params={{ id }} inherit>
        {name}
      </AppLink>
    ),
    text: ({ name }) => name,
    width: '20%',
  },
  {
    key: 'owner',
    title: words.columns.owner,
    show: ({ owner }) => (
      <AppLink to="/people/$id" params={{ id: owner.id }} c="inherit" inherit>
        {owner.name}
      </AppLink>
    ),
    text: ({ owner }) => owner.name,
    width: '16%',
  },
  {
    key: 'status',
    title: words.columns.status,
    width: '20%',
    show: ({ status, state, quarantine }) => (
      <Group gap={4}>
        {(state !== 'active' || quarantine !== null) && (
          <DeviceStateSign state={state} isQuarantined={quarantine !== null} />
        )}
        {state !== 'retired' && <PostureSign status={status} />}
      </Group>
    ),
    text: ({ status }) => words.values.status[status],
  },
  {
    key: 'platform',
    title: words.columns.platform,
    short: true,
    show: ({ platform }) => words.values.platform[platform],
    text: ({ platform }) => words.values.platform[platform],
    width: '6.5rem',
  },
  {
    key: 'keyProtection',
    title: words.columns.keyProtection,
    short: true,
    show: ({ keyProtection }) => words.values.keyProtection[keyProtection],
    text: ({ keyProtection }) => words.values.keyProtection[keyProtection],
  },
  {
    key: 'lastSeen',
    title: words.columns.lastSeen,
    short: true,
    width: '17%',
    show: ({ lastSeenAt }) => <When at={lastSeenAt} />,
    text: ({ lastSeenAt }) => lastSeenAt,
  },
];

const onlyInCsv = (key: keyof typeof words.columns, text: Column<DeviceSummary>['text']): Column<DeviceSummary> => ({
  key,
  title: words.columns[key],
  show: () => null,
  text,
});

/** With what there is no room for on a screen. */
export const deviceCsvColumns: readonly Column<DeviceSummary>[] = [
  ...deviceColumns,
  onlyInCsv('state', ({ state, quarantine }) =>
    quarantine === null ? words.values.state[state] : words.values.quarantine.yes,
  ),
  onlyInCsv('ownership', ({ ownership }) => words.values.ownership[ownership]),
  onlyInCsv('enrolled', ({ enrolledAt }) => enrolledAt),
  onlyInCsv('id', ({ id }) => id),
];
