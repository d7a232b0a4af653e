import { Modal, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { FormEnd } from '../form/form-end.tsx';
import { Form } from '../form/form.tsx';
import { tell } from '../tell.ts';

const words = t.savedViews;

/** Asks for the name under which the present filters are kept. */
export function SaveView({
  opened,
  onClose,
  screen,
  query,
}: {
  opened: boolean;
  onClose: () => void;
  screen: string;
  query: string;
}) {
  const [name, setName] = useState('');
  const saving = useAct(
    (called: string) => call('POST', '/v1/me/views', { screen, name: called, query }),
    ['/v1/me/views'],
  );
  const done = () => {
    setName('');
    saving.reset();
    onClose();
  };
  const save = async () => {
    const called = name.trim();
    await saving.mutateAsync(called);
    tell(words.saved(called));
    done();
  };
  return (
    <Modal opened={opened} onClose={done} title={words.title}>
      <Form
        send={() => {
          // What was refused is shown below.
          save().catch(() => undefined);
        }}
      >
        <Text size="sm">{words.text}</Text>
        <TextInput
          label={words.name}
          placeholder={words.nameHint}
          required
          maxLength={60}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data-autofocus
        />
        <FormEnd error={saving.error} cancel={done} button={words.keep} isBusy={saving.isPending} />
      </Form>
    </Modal>
  );
}
