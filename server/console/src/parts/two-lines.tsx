import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What something is called, and below it what it is called elsewhere: a name and an id, a title and an address. */
export function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      <Text size="sm" component="div">
        {first}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {second}
      </Text>
    </div>
  );
}
