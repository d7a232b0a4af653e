import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { t } from '../../strings/index.ts';
import { type Gateway, gatewaysPath, stale } from './types.ts';

const words = t.gateways;
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Makes a gateway; its secret is shown once. */
export function AddGateway() {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [resources, setResources] = useState('');
  const [made, setMade] = useState<Gateway>();
  const adding = useAct(
    (wish: { name: string; resources: string[] }) => call<Gateway>('POST', gatewaysPath, wish),
    stale,
  );
  const close = () => {
    setOpen(false);
    setName('');
    setResources('');
    adding.reset();
  };
  const add = async () => {
    setMade(await adding.mutateAsync({ name: name.trim(), resources: linesOf(resources) }));
    close();
  };
  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen(true)}>
        {words.add}
      </Button>
      <Modal opened={isOpen} onClose={close} title={words.addTitle}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            // What was refused is shown below.
            add().catch(() => undefined);
          }}
        >
          <Stack>
            <TextInput
              label={words.name}
              placeholder={words.nameHint}
              required
              maxLength={120}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              data-autofocus
            />
            <Textarea
              label={words.resourcesField}
              description={words.resourcesHint}
              required
              autosize
              minRows={2}
              value={resources}
              onChange={({ currentTarget }) => setResources(currentTarget.value)}
            />
            {adding.error !== null && <Problem error={adding.error} title={t.common.wentWrong} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t.common.cancel}
              </Button>
              <Button type="submit" loading={adding.isPending}>
                {words.addButton}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <SecretOnce
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={words.made(made?.name ?? '')}
        text={words.madeText}
        secrets={[
          [words.id, made?.id ?? ''],
          [words.secret, made?.secret ?? ''],
        ]}
        done={words.done}
      />
    </>
  );
}
