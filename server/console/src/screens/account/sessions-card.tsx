import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Session } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { queryClient, useAct, useGet } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { SessionList } from '../../parts/sessions/session-list.tsx';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.account.sessions;
const path = '/v1/me/sessions';

/** Where one is signed in, and the way out everywhere. */
export function SessionsCard() {
  const navigate = useNavigate();
  const { data, error, refetch } = useGet<{ items: Session[] }>(path);
  const [isLeaving, setLeaving] = useState(false);
  const end = useAct(({ id }: Session) => call('DELETE', `${path}/${id}`), [path]);
  const leave = async () => {
    await call('DELETE', path);
    await navigate({ to: '/sign-in', replace: true });
    queryClient.clear();
  };
  return (
    <Card
      title={words.title}
      actions={
        <Button size="xs" color="red" variant="outline" onClick={() => setLeaving(true)}>
          {words.everywhere}
        </Button>
      }
    >
      {data === undefined && <NotYet error={error} refetch={refetch} />}
      {data !== undefined && (
        <SessionList
          sessions={data.items}
          end={(session) => void tellOutcome(() => end.mutateAsync(session), words.ended)}
        />
      )}
      <Confirm
        opened={isLeaving}
        onClose={() => setLeaving(false)}
        title={words.everywhereTitle}
        button={words.everywhere}
        danger
        act={leave}
      >
        <Text>{words.everywhereText(data?.items.length ?? 0)}</Text>
      </Confirm>
    </Card>
  );
}
