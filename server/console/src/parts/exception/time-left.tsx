import { Group, Text } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import { useNow } from '../now.ts';
import { Countdown } from '../when.tsx';

const shortMs = 2 * 3_600_000;

/** What is left of a time that runs out; a sign when it is little. */
export function TimeLeft({ until }: { until: string }) {
  const isShort = Date.parse(until) - useNow(60) < shortMs;
  return (
    <Group gap={4} wrap="nowrap" component="span">
      {isShort && (
        <IconClockExclamation size={16} color="var(--mantine-color-orange-7)" style={{ flex: 'none' }} aria-hidden />
      )}
      <Text span size="sm" fw={isShort ? 600 : 400}>
        <Countdown until={until} />
      </Text>
    </Group>
  );
}
