import { Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { t } from '../../strings/index.ts';

const words = t.people.tokens;
const lives = Object.entries(words.lives).map(([value, label]) => ({ value, label }));
const empty = { label: '', life: '30d' };

/** Makes an API token, and shows it the one time that it can be shown. */
export function MakeToken({
  person: { id, name },
  opened,
  onClose,
}: {
  person: UserDetail;
  opened: boolean;
  onClose: () => void;
}) {
  const [wish, setWish] = useState(empty);
  const [secret, setSecret] = useState<string>();
  const { mutate, error, isPending, reset } = useAct(
    (body: typeof empty) => call<{ token: string }>('POST', `/v1/admin/users/${id}/api-tokens`, body),
    staleAfter.person,
  );
  const close = () => {
    reset();
    setWish(empty);
    onClose();
  };
  const send = () =>
    mutate(wish, {
      onSuccess: ({ token }) => {
        setSecret(token);
        close();
      },
    });
  return (
    <>
      <Modal opened={opened} onClose={close} title={words.makeTitle(name)}>
        <Form send={send}>
          <TextInput
            label={words.label}
            required
            maxLength={120}
            value={wish.label}
            onChange={({ currentTarget: { value } }) => setWish({ ...wish, label: value })}
            data-autofocus
          />
          <NativeSelect
            label={words.life}
            data={lives}
            value={wish.life}
            onChange={({ currentTarget: { value } }) => setWish({ ...wish, life: value })}
          />
          <FormEnd error={error} cancel={close} button={words.save} isBusy={isPending} />
        </Form>
      </Modal>
      <SecretOnce
        opened={secret !== undefined}
        onClose={() => setSecret(undefined)}
        title={words.makeTitle(name)}
        text={words.shownOnce}
        secrets={secret === undefined ? [] : [[words.secret, secret]]}
        done={words.done}
      />
    </>
  );
}
