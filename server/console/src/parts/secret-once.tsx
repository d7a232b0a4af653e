import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from './copy-text.tsx';

/** Something that is shown once: closed only on purpose, never by a click beside it. */
export function SecretOnce({
  opened,
  onClose,
  title,
  text,
  secrets,
  done,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** What they are called, and what they are. */
  secrets: readonly (readonly [label: string, secret: string])[];
  done: string;
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm" component="div">
          {text}
        </Text>
        {secrets.map(([label, secret]) => (
          <div key={label}>
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <CopyText text={secret} label={label} />
          </div>
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {done}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
