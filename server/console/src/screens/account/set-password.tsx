import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api/queries.ts';
import { sentenceOf } from '../../api/refusal.ts';
import { useMe } from '../../app/session.tsx';
import { Problem } from '../../parts/problem.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { stale } from './stale.ts';

const words = t.account.password;
const empty = { password: '', again: '' };

const save = (password: string) => {
  const about = { purpose: 'manage', about: { action: 'set-password' } } as const;
  return sendProven('PUT', '/v1/me/password', { password }, { about, sentence: words.proof });
};

export function SetPassword({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { email } = useMe();
  const [{ password, again }, setTyped] = useState(empty);
  const { mutate, error, isPending, reset } = useAct(save, stale);
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
    visibilityToggleButtonProps: { 'aria-label': words.show },
  };
  return (
    <Modal opened={opened} onClose={close} title={words.set}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!differs) send();
        }}
      >
        <Stack>
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
          {error !== null && <Problem error={new Error(sentenceOf(error))} title={t.common.wentWrong} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
