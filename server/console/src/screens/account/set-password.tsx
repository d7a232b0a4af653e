import { Modal, PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { useMe } from '../../app/session.tsx';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.account.password;
const empty = { password: '', again: '' };

const save = (password: string) => {
  const about = { purpose: 'manage', about: { action: 'set-password' } } as const;
  return sendProven('PUT', '/v1/me/password', { password }, { about, sentence: words.proof });
};

/** Asks for a new password, twice. */
export function SetPassword({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { email } = useMe();
  const [{ password, again }, setTyped] = useState(empty);
  const { mutate, error, isPending, reset } = useAct(save, staleAfter.person);
  const differs = again !== '' && again !== password;
  const close = () => {
    reset();
    setTyped(empty);
    onClose();
  };
  const send = () =>
    mutate(password, {
      onSuccess: () => {
        tell(words.isSaved);
        close();
      },
    });
  const field = {
    required: true,
    minLength: 12,
    maxLength: 256,
    autoComplete: 'new-password',
    visibilityToggleButtonProps: { 'aria-label': t.common.showTyped },
  };
  return (
    <Modal opened={opened} onClose={close} title={words.set}>
      <Form
        send={() => {
          if (!differs) send();
        }}
      >
        <Text size="sm">{words.rule}</Text>
        {/* For password managers: whose it is. */}
        <input hidden readOnly name="username" autoComplete="username" value={email} />
        <PasswordInput
          {...field}
          label={words.field}
          value={password}
          onChange={({ currentTarget: { value } }) => setTyped({ password: value, again })}
          data-autofocus
        />
        <PasswordInput
          {...field}
          label={words.repeat}
          value={again}
          error={differs ? words.differs : undefined}
          onChange={({ currentTarget: { value } }) => setTyped({ password, again: value })}
        />
        <FormEnd error={error} cancel={close} button={words.save} isBusy={isPending} />
      </Form>
    </Modal>
  );
}
