import { Center, Modal, Stack, Text } from '@mantine/core';
import type { NewAuthenticatorApp } from '@postern/shared/protocol/me';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { CodeField } from '../../parts/proof/code-field.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { QrCode } from './qr-code.tsx';

const words = t.account.app;

/** The secret goes from here into an app; a code comes back. */
export function ConfirmApp({ app, onClose }: { app: NewAuthenticatorApp | undefined; onClose: () => void }) {
  const { mutate, error, reset } = useAct(
    (code: string) => call('POST', '/v1/me/authenticator-app/confirm', { code }),
    staleAfter.person,
  );
  const close = () => {
    reset();
    onClose();
  };
  const send = (code: string) =>
    mutate(code, {
      onSuccess: () => {
        tell(words.isAdded);
        close();
      },
    });
  return (
    <Modal opened={app !== undefined} onClose={close} title={words.add}>
      {app !== undefined && (
        <Stack>
          <Text>{words.step1}</Text>
          <Center>
            <QrCode text={app.uri} label={words.qr} />
          </Center>
          <div>
            <Text size="sm" fw={600}>
              {words.key}
            </Text>
            <CopyText text={app.secret} label={words.key} />
          </div>
          <Text>{words.step2}</Text>
          <Refused error={error} />
          <CodeField send={send} button={words.confirm} />
        </Stack>
      )}
    </Modal>
  );
}
