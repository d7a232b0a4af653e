import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.signIn;

/** Takes a password away that is not safe any more. */
export function RemovePassword({ person: { id, name } }: { person: UserDetail }) {
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync } = useAct(async (_nothing: undefined) => {
    await call('DELETE', `/v1/admin/users/${id}/password`);
    tell(words.passwordRemoved);
  }, staleAfter.person);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {words.removePassword}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={words.removePasswordTitle(name)}
        button={words.removePassword}
        danger
        act={() => mutateAsync(undefined)}
      >
        <Text>{words.removePasswordText}</Text>
      </Confirm>
    </>
  );
}
