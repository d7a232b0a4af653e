import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.deactivate;

/** Sends somebody away, or lets them come back. */
export function StandingButton({ person: { id, name, active, devices } }: { person: UserDetail }) {
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync, isPending } = useAct(async (isActive: boolean) => {
    await call('PATCH', `/v1/admin/users/${id}`, { active: isActive });
    tell(isActive ? words.activated(name) : words.done(name));
  }, staleAfter.person);
  if (!active)
    return (
      <Button
        size="xs"
        variant="default"
        loading={isPending}
        onClick={() => void mutateAsync(true).catch((refusal: unknown) => tellRefusal(refusal))}
      >
        {words.activate}
      </Button>
    );
  return (
    <>
      <Button size="xs" color="red" variant="outline" onClick={() => setAsking(true)}>
        {words.button}
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={words.title(name)}
        button={words.button}
        danger
        act={() => mutateAsync(false)}
      >
        <Stack gap="xs">
          <Text>{words.text(name)}</Text>
          <Text>{words.devices(devices)}</Text>
        </Stack>
      </Confirm>
    </>
  );
}
