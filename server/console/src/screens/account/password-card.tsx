import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { OwnSignIn } from '@postern/shared/protocol/sign-in';
import { useAct, useGet } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { SetPassword } from './set-password.tsx';

const words = t.account.password;

const remove = async () => {
  const about = { purpose: 'manage', about: { action: 'remove-password' } } as const;
  await sendProven('DELETE', '/v1/me/password', {}, { about, sentence: words.removeProof });
  tell(words.isRemoved);
};

/** One's password, where this server takes any. */
export function PasswordCard() {
  const { data, error, refetch } = useGet<OwnSignIn>('/v1/me/sign-in');
  const [isSetting, setSetting] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const removing = useAct(remove, staleAfter.person);
  const password = data?.password ?? null;
  return (
    <Card title={words.title}>
      {data === undefined && <NotYet error={error} refetch={refetch} />}
      {data?.passwords === false && <Text size="sm">{words.off}</Text>}
      {data?.passwords === true && (
        <>
          <Text size="sm" c="dimmed">
            {words.lead}
          </Text>
          {password?.needsFactor === true && (
            <Alert color="yellow" icon={<IconAlertTriangle />} title={words.needsFactor} />
          )}
          <Group justify="space-between">
            <Text size="sm" component="div">
              {password === null ? (
                words.none
              ) : (
                <>
                  {words.isSet} <When at={password.setAt} />
                </>
              )}
            </Text>
            <Group gap="xs">
              {password !== null && (
                <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
                  {words.remove}
                </Button>
              )}
              <Button size="xs" variant="default" onClick={() => setSetting(true)}>
                {password === null ? words.set : words.change}
              </Button>
            </Group>
          </Group>
        </>
      )}
      <SetPassword opened={isSetting} onClose={() => setSetting(false)} />
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
