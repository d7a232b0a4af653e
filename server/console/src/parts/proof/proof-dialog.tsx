import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../strings/index.ts';
import { Refused } from '../form/refused.tsx';
import { type Asking, useAsking } from './asking.ts';
import { CodeField } from './code-field.tsx';

const words = t.common.proof;

/** "Show that it is you": by passkey, or by a code of an authenticator app. Stands once in the page. */
export function ProofDialog() {
  const asking = useAsking();
  return (
    <Modal opened={asking !== undefined} onClose={() => asking?.cancel()} title={words.title} zIndex={400}>
      {asking !== undefined && <Ways asking={asking} />}
    </Modal>
  );
}

function Ways({ asking: { ways, sentence, withPasskey, answer, cancel } }: { asking: Asking }) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const passkey = async () => {
    setBusy(true);
    setError(undefined);
    try {
      answer(await withPasskey());
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  return (
    <Stack>
      <Text>{sentence}</Text>
      <Refused error={error} />
      {ways.includes('code') && <CodeField send={(code) => answer({ kind: 'code', code })} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={cancel}>
          {t.common.cancel}
        </Button>
        {ways.includes('passkey') && (
          <Button
            leftSection={<IconFingerprint size={18} />}
            loading={isBusy}
            onClick={() => void passkey()}
            data-autofocus
          >
            {words.givePasskey}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
