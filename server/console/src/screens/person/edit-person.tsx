import { Button, Modal, Switch, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { PersonFields } from '../../parts/person-fields.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people;

/** Name, roles, groups and manager. */
export function EditPerson({ person }: { person: UserDetail }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setOpen(true)}>
        {words.edit.button}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={words.edit.title(person.name)}>
        <EditForm person={person} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function EditForm({ person, onClose }: { person: UserDetail; onClose: () => void }) {
  const { id, name, roles, groups, manager, managerName, identities } = person;
  const [wish, setWish] = useState({ name, roles: [...roles], groups: [...groups], manager: '', noManager: false });
  const { mutate, error, isPending } = useAct(
    (body: object) => call('PATCH', `/v1/admin/users/${id}`, body),
    staleAfter.person,
  );
  const change = (some: Partial<typeof wish>) => setWish((before) => ({ ...before, ...some }));
  const send = () => {
    const chosen = wish.noManager ? { manager: null } : wish.manager === '' ? {} : { manager: wish.manager };
    const body = { name: wish.name, roles: wish.roles, groups: wish.groups, ...chosen };
    mutate(body, {
      onSuccess: () => {
        tell(words.edit.saved);
        onClose();
      },
    });
  };
  return (
    <Form
      send={() => {
        if (wish.roles.length > 0) send();
      }}
    >
      <PersonFields value={wish} change={change} roleError={wish.roles.length === 0} />
      <PersonSelect
        label={words.manager}
        placeholder={managerName ?? words.managerPlaceholder}
        nothingFound={words.nobodyFound}
        value={wish.manager}
        change={(chosen) => change({ manager: chosen, noManager: false })}
      />
      <Text size="xs" c="dimmed">
        {words.managerHelp}
      </Text>
      {manager !== null && (
        <Switch
          label={words.edit.noManager}
          checked={wish.noManager}
          onChange={({ currentTarget: { checked } }) => change({ noManager: checked, manager: '' })}
        />
      )}
      {identities.length > 0 && (
        <Text size="xs" c="dimmed">
          {words.edit.fromProvider}
        </Text>
      )}
      <FormEnd error={error} cancel={onClose} button={t.common.save} isBusy={isPending} />
    </Form>
  );
}
