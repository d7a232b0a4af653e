import { Button, Group } from '@mantine/core';
import type { DeviceSummary } from '@postern/shared/protocol/admin';
import type { DeviceAction } from '../../parts/device/device-act.tsx';
import { t } from '../../strings/index.ts';

const words = t.enrollment.waiting;

/** What may be done with a device that waits. */
export function AdmitButtons({ device, ask }: { device: DeviceSummary; ask: (action: DeviceAction) => void }) {
  return (
    <Group gap={4}>
      <Button size="compact-xs" aria-label={words.admitOne(device.name)} onClick={() => ask('admit')}>
        {words.admit}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={words.refuseOne(device.name)}
        onClick={() => ask('retire')}
      >
        {words.refuse}
      </Button>
    </Group>
  );
}
