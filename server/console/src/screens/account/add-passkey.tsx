import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { startRegistration } from '@simplewebauthn/browser';
import { useState } from 'react';
import type { PasskeyOptions } from '@postern/shared/protocol/me';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Refusal, sentenceOf } from '../../api/refusal.ts';
import { Problem } from '../../parts/problem.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { stale } from './stale.ts';

const words = t.account.passkeys;
type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];

async function add(label: string): Promise<void> {
  const about = { purpose: 'manage', about: { action: 'add-passkey' } } as const;
  const options = '/v1/me/passkeys/options';
  const begun = await sendProven<PasskeyOptions>('POST', options, {}, { about, sentence: words.proof });
  const attestation = await startRegistration({ optionsJSON: begun.options as unknown as Options }).catch(
    (cause: unknown) => {
      throw new Refusal(words.notAdded, 0, {}, cause);
    },
  );
  await call('POST', '/v1/me/passkeys', { stepUp: begun.id, label, attestation });
}

export function AddPasskey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [label, setLabel] = useState('');
  const { mutate, error, isPending, reset } = useAct(add, stale);
  const close = () => {
    reset();
    setLabel('');
    onClose();
  };
  const send = () =>
    mutate(label.trim(), {
      onSuccess: () => {
        tell(words.isAdded(label.trim()));
        close();
      },
    });
  return (
    <Modal opened={opened} onClose={close} title={words.add}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack>
          <TextInput
            label={words.label}
            description={words.labelHelp}
            required
            maxLength={120}
            value={label}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
            data-autofocus
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
