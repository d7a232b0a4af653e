import { Alert, Button, Text, TextInput } from '@mantine/core';
import { IconAlarm } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { incidentSchema } from '@postern/shared/protocol/template';
import { call } from '../api/call.ts';
import { useAct, useGet } from '../api/queries.ts';
import { deciders } from '../app/roles.ts';
import { useIs } from '../app/session.tsx';
import { t } from '../strings/index.ts';
import { Card } from './card.tsx';
import { Confirm } from './confirm.tsx';
import { NotYet } from './not-yet.tsx';
import { tell } from './tell.ts';
import { When } from './when.tsx';

const words = t.incident;
const path = '/v1/admin/incident';
type State = z.output<typeof incidentSchema>;

/** Whether an incident is under way, and the switch for who decides requests. */
export function IncidentCard() {
  const { data, error, refetch } = useGet<State>(path);
  const mayChange = useIs(...deciders);
  const [isAsking, setAsking] = useState(false);
  const [title, setTitle] = useState('');
  // Templates and what waits for a decision read differently at once.
  const change = useAct(
    (wish: { open: boolean; title?: string }) => call('PUT', path, wish),
    [path, '/v1/admin/templates', '/v1/admin/exceptions'],
  );
  const close = () => {
    setAsking(false);
    setTitle('');
  };
  if (data === undefined) return <Card title={words.title}>{<NotYet error={error} refetch={refetch} />}</Card>;
  const { open, title: name, since } = data;
  const called = title.trim();
  return (
    <Card title={words.title}>
      {open ? (
        <Alert color="orange" icon={<IconAlarm />} title={words.open(name ?? words.nameless)}>
          <When at={since} both />
        </Alert>
      ) : (
        <Text size="sm">{words.none}</Text>
      )}
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      {mayChange && (
        <Button variant="default" size="xs" maw={200} onClick={() => setAsking(true)}>
          {open ? words.over : words.declare}
        </Button>
      )}
      <Confirm
        opened={isAsking}
        onClose={close}
        title={open ? words.closeTitle : words.openTitle}
        button={open ? words.over : words.declare}
        danger={!open}
        act={async () => {
          await change.mutateAsync(
            open ? { open: false } : { open: true, ...(called === '' ? {} : { title: called }) },
          );
          tell(open ? words.closed : words.opened);
        }}
      >
        <Text size="sm">{open ? words.closeText : words.openText}</Text>
        {!open && (
          <TextInput
            label={words.name}
            maxLength={120}
            value={title}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            data-autofocus
          />
        )}
      </Confirm>
    </Card>
  );
}
