import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { sentenceOf } from '../../api/refusal.ts';
import { PersonFields, type PersonWish } from '../../parts/person-fields.tsx';
import { Problem } from '../../parts/problem.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import type { User } from './person-columns.tsx';

const words = t.people;
const empty: PersonWish & { email: string } = { name: '', email: '', roles: ['employee'], groups: [] };

export function AddPerson({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const [wish, setWish] = useState(empty);
  const { mutate, error, isPending, reset } = useAct(
    (body: typeof empty) => call<User>('POST', '/v1/admin/users', body),
    ['/v1/admin/users'],
  );
  const change = (some: Partial<typeof empty>) => setWish((before) => ({ ...before, ...some }));
  const close = () => {
    reset();
    setWish(empty);
    onClose();
  };
  const send = () =>
    mutate(wish, {
      onSuccess: ({ id, name }) => {
        tell(words.isAdded(name));
        close();
        void navigate({ to: '/people/$id', params: { id } });
      },
    });
  return (
    <Modal opened={opened} onClose={close} title={words.add}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wish.roles.length > 0) send();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {words.addLead}
          </Text>
          <PersonFields value={wish} change={change} roleError={wish.roles.length === 0} />
          <TextInput
            label={words.email}
            type="email"
            required
            maxLength={254}
            value={wish.email}
            onChange={({ currentTarget }) => change({ email: currentTarget.value })}
          />
          {error !== null && <Problem error={new Error(sentenceOf(error))} title={t.common.wentWrong} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={isPending}>
              {words.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
