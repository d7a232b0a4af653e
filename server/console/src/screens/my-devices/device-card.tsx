import { Button, Group, Text } from '@mantine/core';
import type { MyDevice, MyDeviceDetail } from '@postern/shared/protocol/my-device';
import { useGet } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { DeviceStateSign, PostureSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';
import { DeviceDetail } from './device-detail.tsx';
import { sayStanding } from './say-standing.ts';

const words = t.mine;

/** One device: its standing in a sentence, and all about it when it is open. */
export function DeviceCard({ device, isOpen, toggle }: { device: MyDevice; isOpen: boolean; toggle?: () => void }) {
  const { id, name, state, status, quarantine } = device;
  const detail = useGet<MyDeviceDetail>(`/v1/me/devices/${id}`, {}, { enabled: isOpen });
  const isQuarantined = quarantine !== null;
  const isExcepted = detail.data?.verdict?.rules.some(({ standing }) => standing === 'excepted') ?? false;
  return (
    <Card
      title={name}
      actions={
        <Group gap="xs">
          {state === 'active' && !isQuarantined ? (
            <PostureSign status={status} />
          ) : (
            <DeviceStateSign state={state} isQuarantined={isQuarantined} />
          )}
          {toggle !== undefined && (
            <Button
              size="xs"
              variant="default"
              onClick={toggle}
              aria-expanded={isOpen}
              aria-label={isOpen ? undefined : words.showWhat(name)}
            >
              {isOpen ? words.hide : words.show}
            </Button>
          )}
        </Group>
      }
    >
      <Text>{sayStanding(device, isExcepted)}</Text>
      {isOpen &&
        (detail.data === undefined ? (
          <NotYet error={detail.error} refetch={detail.refetch} />
        ) : (
          <DeviceDetail device={detail.data} />
        ))}
    </Card>
  );
}
