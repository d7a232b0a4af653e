import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { t } from '../strings/index.ts';

const words = t.common;

/** Asks before somebody leaves what they wrote and did not save: within the console, and when the page is closed. */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  const isAsked = status === 'blocked';
  return (
    <Modal opened={isAsked} onClose={() => reset?.()} title={words.leaveTitle}>
      <Stack>
        <Text>{words.unsaved}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => reset?.()} data-autofocus>
            {words.stay}
          </Button>
          <Button color="red" onClick={() => proceed?.()}>
            {words.leave}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
