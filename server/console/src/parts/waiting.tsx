import { Loader, Stack, Text } from '@mantine/core';
import { t } from '../strings/index.ts';

/** Something is on its way. */
export function Waiting({ label = t.common.loading }: { label?: string }) {
  return (
    <Stack align="center" py="xl" gap="xs" role="status">
      <Loader size="sm" />
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </Stack>
  );
}
