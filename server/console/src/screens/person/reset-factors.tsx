import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.signIn;

/** Takes second factors from who lost them. */
export function ResetFactors({ person: { id, name, factors } }: { person: UserDetail }) {
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync } = useAct(async (_nothing: undefined) => {
    const about = { purpose: 'manage', about: { action: 'reset-second-factors', target: id } } as const;
    const path = `/v1/admin/users/${id}/second-factors`;
    await sendProven('DELETE', path, {}, { about, sentence: words.resetProof(name) });
    tell(words.resetDone(name));
  }, staleAfter.person);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {words.reset}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={words.resetTitle(name)}
        button={words.reset}
        danger
        act={() => mutateAsync(undefined)}
      >
        <Text>{words.resetText(factors.passkeys, factors.authenticatorApp)}</Text>
      </Confirm>
    </>
  );
}
