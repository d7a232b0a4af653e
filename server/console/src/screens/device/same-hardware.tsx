import { Group, List, Stack, Text } from '@mantine/core';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { AppLink } from '../../parts/app-link.tsx';
import { DeviceStateSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';

/** Other devices that are most likely this machine. */
export function SameHardware({ devices }: { devices: DeviceDetail['sameHardware'] }) {
  if (devices.length === 0) return <Text size="sm">{t.device.key.noHardware}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{t.device.key.hardwareLead}</Text>
      <List size="sm">
        {devices.map(({ id, name, state, quarantined }) => (
          <List.Item key={id}>
            <Group gap="xs">
              <AppLink to="/devices/$id" params={{ id }} inherit>
                {name}
              </AppLink>
              <DeviceStateSign state={state} isQuarantined={quarantined} />
            </Group>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
