import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { useAct } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { call } from '../../api/call.ts';

const words = t.people.texts;

/** The right to be forgotten, as far as a record can give it. */
export function TextsCard({ person: { id, name } }: { person: UserDetail }) {
  const [isAsking, setAsking] = useState(false);
  const { mutateAsync } = useAct(
    async (reason: string) => {
      await call('DELETE', `/v1/admin/users/${id}/texts`, { reason });
      tell(words.done);
    },
    ['/v1/admin/audit', '/v1/admin/exceptions'],
  );
  return (
    <Card title={words.title}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" flex="1 1 20rem">
          {words.lead}
        </Text>
        <Button size="xs" color="red" variant="outline" onClick={() => setAsking(true)}>
          {words.button}
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={words.confirm(name)}
        button={words.button}
        danger
        reason={{ label: words.reason, required: true }}
        act={mutateAsync}
      >
        <Text>{words.text(name)}</Text>
      </Confirm>
    </Card>
  );
}
