import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { Problem } from '../problem.tsx';
import { tell } from '../tell.ts';

const words = t.savedViews;

/** Asks for the name under which the present filters are kept. */
export function SaveView({
  opened,
  onClose,
  screen,
  query,
}: {
  opened: boolean;
  onClose: () => void;
  screen: string;
  query: string;
}) {
  const [name, setName] = useState('');
  const saving = useAct(
    (called: string) => call('POST', '/v1/me/views', { screen, name: called, query }),
    ['/v1/me/views'],
  );
  const done = () => {
    setName('');
    saving.reset();
    onClose();
  };
  const save = async () => {
    const called = name.trim();
    await saving.mutateAsync(called);
    tell(words.saved(called));
    done();
  };
  return (
    <Modal opened={opened} onClose={done} title={words.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // What was refused is shown below.
          save().catch(() => undefined);
        }}
      >
        <Stack>
          <Text size="sm">{words.text}</Text>
          <TextInput
            label={words.name}
            placeholder={words.nameHint}
            required
            maxLength={60}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            data-autofocus
          />
          {saving.error !== null && <Problem error={saving.error} title={t.common.wentWrong} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={done}>
              {t.common.cancel}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {words.keep}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
