import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Session, UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct, useGet } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { SessionList } from '../../parts/sessions/session-list.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.sessions;

/** Where somebody is signed in, and how an admin ends it. */
export function SessionsCard({ person: { id, name } }: { person: UserDetail }) {
  const path = `/v1/admin/users/${id}/sessions`;
  const { data, error, refetch } = useGet<{ items: Session[] }>(path);
  const isAdmin = useIs('admin');
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync } = useAct(async (_nothing: undefined) => {
    const { ended } = await call<{ ended: number }>('DELETE', path);
    tell(words.ended(ended));
  }, staleAfter.person);
  const count = data?.items.length ?? 0;
  return (
    <Card
      title={words.title}
      actions={
        isAdmin &&
        count > 0 && (
          <Button size="xs" color="red" variant="outline" onClick={() => setAsking(true)}>
            {words.end}
          </Button>
        )
      }
    >
      {data === undefined ? <NotYet error={error} refetch={refetch} /> : <SessionList sessions={data.items} />}
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={words.endTitle(name)}
        button={words.end}
        danger
        act={() => mutateAsync(undefined)}
      >
        <Text>{words.endText(name, count)}</Text>
      </Confirm>
    </Card>
  );
}
