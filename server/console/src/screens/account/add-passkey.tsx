import { Modal, TextInput } from '@mantine/core';
import { startRegistration } from '@simplewebauthn/browser';
import { useState } from 'react';
import type { PasskeyOptions } from '@postern/shared/protocol/me';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Refusal } from '../../api/refusal.ts';
import { staleAfter } from '../../api/stale.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

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

/** Makes a passkey in the browser and tells the backend of it. */
export function AddPasskey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [label, setLabel] = useState('');
  const { mutate, error, isPending, reset } = useAct(add, staleAfter.person);
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
      <Form send={send}>
        <TextInput
          label={words.label}
          description={words.labelHelp}
          required
          maxLength={120}
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          data-autofocus
        />
        <FormEnd error={error} cancel={close} button={words.save} isBusy={isPending} />
      </Form>
    </Modal>
  );
}
