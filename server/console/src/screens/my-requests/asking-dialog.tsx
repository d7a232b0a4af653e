import { Modal, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { t } from '../../strings/index.ts';

/** A small form in a dialog: what it says, its fields, and the button that sends it. */
export function AskingDialog({
  opened,
  onClose,
  title,
  text,
  send,
  children,
}: {
  opened: boolean;
  onClose: () => void;
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
      onClose();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Form send={submit}>
        <Text size="sm">{text}</Text>
        {children}
        <FormEnd error={error} cancel={onClose} button={t.mine.requests.save} isBusy={isBusy} />
      </Form>
    </Modal>
  );
}
