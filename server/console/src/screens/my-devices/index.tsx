import { Alert, Stack, Text } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import type { MyDevice } from '@postern/shared/protocol/my-device';
import { useGet } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/app-link.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { DeviceCard } from './device-card.tsx';

const words = t.mine;

/** So many are shown in full; of more, the one that was opened. */
const fewDevices = 3;

/** Somebody's own devices: how each stands, why, how to fix it, and what it sent. */
export default function MyDevices() {
  const { data, error, refetch } = useGet<{ items: MyDevice[] }>('/v1/me/devices');
  const { value, change } = useSearchState(['device']);
  const ask = <ButtonLink to="/me/ask">{words.ask}</ButtonLink>;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={data === undefined || data.items.length === 0 ? undefined : ask}
    >
      {data === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <Devices items={data.items} opened={value.device} open={(device) => change({ device })} />
      )}
    </Page>
  );
}

function Devices({
  items,
  opened,
  open,
}: {
  items: readonly MyDevice[];
  opened: string | undefined;
  open: (id: string | undefined) => void;
}) {
  if (items.length === 0) return <NoDevice />;
  const isFew = items.length <= fewDevices;
  const closed = isFew ? 0 : items.filter(({ id }) => id !== opened).length;
  return (
    <Stack>
      {closed > 0 && (
        <Alert variant="light" color="gray">
          <Text size="sm">{words.others(closed)}</Text>
        </Alert>
      )}
      {items.map((device) => (
        <DeviceCard
          key={device.id}
          device={device}
          isOpen={isFew || device.id === opened}
          {...(isFew ? {} : { toggle: () => open(device.id === opened ? undefined : device.id) })}
        />
      ))}
    </Stack>
  );
}

function NoDevice() {
  return (
    <EmptyState icon={IconDeviceLaptop} title={words.empty.title} text={words.empty.text}>
      <CopyText text={words.empty.command(globalThis.location.origin)} label={words.empty.commandLabel} />
      <ButtonLink to="/device">{words.empty.connect}</ButtonLink>
    </EmptyState>
  );
}
