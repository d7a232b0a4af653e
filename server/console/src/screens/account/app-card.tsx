import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { NewAuthenticatorApp } from '@postern/shared/protocol/me';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { useMe } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { ConfirmApp } from './confirm-app.tsx';

const words = t.account.app;
const path = '/v1/me/authenticator-app';

const begin = () => {
  const about = { purpose: 'manage', about: { action: 'add-authenticator-app' } } as const;
  return sendProven<NewAuthenticatorApp>('POST', path, {}, { about, sentence: words.proof });
};

const remove = async () => {
  const about = { purpose: 'manage', about: { action: 'remove-authenticator-app' } } as const;
  await sendProven('DELETE', path, {}, { about, sentence: words.removeProof });
  tell(words.isRemoved);
};

/** One's authenticator app: there is one, or none yet. */
export function AppCard() {
  const { factors } = useMe();
  const [app, setApp] = useState<NewAuthenticatorApp>();
  const [isRemoving, setRemoving] = useState(false);
  const beginning = useAct(begin, []);
  const removing = useAct(remove, staleAfter.person);
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <Group justify="space-between">
        <Text size="sm">{factors.authenticatorApp ? words.isSet : words.none}</Text>
        {factors.authenticatorApp ? (
          <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
            {words.remove}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            loading={beginning.isPending}
            onClick={() => beginning.mutate(undefined, { onSuccess: setApp, onError: (error) => tellRefusal(error) })}
          >
            {words.add}
          </Button>
        )}
      </Group>
      <ConfirmApp app={app} onClose={() => setApp(undefined)} />
      <Confirm
        opened={isRemoving}
        onClose={() => setRemoving(false)}
        title={words.removeTitle}
        button={words.remove}
        danger
        act={() => removing.mutateAsync(undefined)}
      >
        <Text>{words.removeText}</Text>
      </Confirm>
    </Card>
  );
}
