import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.device.ownership;
const names = t.devices.values.ownership;

/** Says whose machine it is. */
export function OwnershipDialog({
  device,
  opened,
  onClose,
}: {
  device: DeviceDetail;
  opened: boolean;
  onClose: () => void;
}) {
  const [ownership, choose] = useState<string>(device.ownership);
  const change = useAct(
    (reason: string) => call('POST', `/v1/admin/devices/${device.id}/ownership`, { ownership, reason }),
    ['/v1/admin/devices'],
  );
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={words.title(device.name)}
      button={words.button}
      reason={{ label: t.device.actions.reason, required: true }}
      act={async (reason) => {
        await change.mutateAsync(reason);
        tell(words.done);
      }}
    >
      <Text size="sm">{words.text}</Text>
      <Select
        label={words.label}
        data={Object.entries(names).map(([value, label]) => ({ value, label }))}
        value={ownership}
        allowDeselect={false}
        onChange={(value) => value !== null && choose(value)}
      />
    </Confirm>
  );
}
