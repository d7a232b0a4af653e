import { Modal, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { User } from '@postern/shared/protocol/admin';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { PersonFields, type PersonWish } from '../../parts/person-fields.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people;
const empty: PersonWish & { email: string } = { name: '', email: '', roles: ['employee'], groups: [] };

/** Asks for what makes a person, and goes on to them. */
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
      <Form
        send={() => {
          if (wish.roles.length > 0) send();
        }}
      >
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
        <FormEnd error={error} cancel={close} button={words.add} isBusy={isPending} />
      </Form>
    </Modal>
  );
}
