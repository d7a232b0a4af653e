import { Group, Progress, Text } from '@mantine/core';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { t } from '../../strings/index.ts';

const words = t.policyReplay;

/** How far it is; who listens hears the numbers. */
export function Running({ replay: { devicesDone, devicesTotal } }: { replay: PolicyReplay }) {
  const share = devicesTotal === 0 ? 0 : (100 * devicesDone) / devicesTotal;
  return (
    <Group gap="sm">
      <Progress.Root flex="1 1 12rem" size="lg">
        <Progress.Section value={share} aria-label={words.progress} />
      </Progress.Root>
      <Text size="sm" role="status">
        {words.running(devicesDone, devicesTotal)}
      </Text>
    </Group>
  );
}
