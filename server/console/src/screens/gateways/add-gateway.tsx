import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { Form } from '../../parts/form/form.tsx';
import { linesOf } from '../../parts/lines-of.ts';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { t } from '../../strings/index.ts';
import { type Gateway, gatewaysPath } from './types.ts';

const words = t.gateways;

/** Makes a gateway; its secret is shown once. */
export function AddGateway() {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [resources, setResources] = useState('');
  const [made, setMade] = useState<Gateway>();
  const adding = useAct(
    (wish: { name: string; resources: string[] }) => call<Gateway>('POST', gatewaysPath, wish),
    staleAfter.gateway,
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
        <Form
          send={() => {
            // What was refused is shown below.
            add().catch(() => undefined);
          }}
        >
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
          <FormEnd error={adding.error} cancel={close} button={words.addButton} isBusy={adding.isPending} />
        </Form>
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
