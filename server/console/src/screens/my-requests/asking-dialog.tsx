import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { t } from '../../strings/index.ts';

/** A small form in a dialog: what it says, its fields, and the button that sends it. */
export function AskingDialog({
  opened,
  close,
  title,
  text,
  send,
  children,
}: {
  opened: boolean;
  close: () => void;
  title: string;
  text: string;
  send: () => Promise<unknown>;
  children: ReactNode;
}) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await send();
      close();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <Text size="sm">{text}</Text>
          {children}
          {error !== undefined && <Problem error={error} title={t.common.wentWrong} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t.mine.requests.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
