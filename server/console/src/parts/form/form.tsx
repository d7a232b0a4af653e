import { type MantineSpacing, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** Fields below each other, sent by the button or by Enter. */
export function Form({ send, gap, children }: { send: () => unknown; gap?: MantineSpacing; children: ReactNode }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack {...(gap === undefined ? {} : { gap })}>{children}</Stack>
    </form>
  );
}
