import { Modal, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { FormEnd } from './form/form-end.tsx';
import { Form } from './form/form.tsx';

/**
 * Asks before something that cannot be taken back. `children` name what is destroyed and whom it hits; the button says what
 * it does. With `reason` people must (or may) say why, because the record keeps it.
 */
export function Confirm({
  opened,
  onClose,
  title,
  children,
  button,
  danger = false,
  reason,
  act,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  button: string;
  danger?: boolean;
  reason?: { label: string; required: boolean };
  act: (reason: string) => Promise<unknown>;
}) {
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const done = () => {
    setText('');
    setError(undefined);
    onClose();
  };
  const go = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await act(text.trim());
      done();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={done} title={title}>
      <Form send={go}>
        {children}
        {reason !== undefined && (
          <Textarea
            label={reason.label}
            required={reason.required}
            maxLength={1000}
            autosize
            minRows={2}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            data-autofocus
          />
        )}
        <FormEnd error={error} cancel={done} button={button} isBusy={isBusy} danger={danger} />
      </Form>
    </Modal>
  );
}
