import { Button, Modal } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { type Webhook, webhooksPath } from './types.ts';
import { WebhookForm, type WebhookWish } from './webhook-form.tsx';
import type { NewSecret } from './webhook-secret.tsx';

const words = t.webhooks;
const empty: WebhookWish = { label: '', url: '', format: 'standard', events: [] };

/** Makes a webhook; its secret is shown once. */
export function AddWebhook({ made }: { made: (secret: NewSecret) => void }) {
  const [isOpen, setOpen] = useState(false);
  const adding = useAct((wish: WebhookWish) => call<Webhook>('POST', webhooksPath, wish), staleAfter.webhook);
  const close = () => {
    setOpen(false);
    adding.reset();
  };
  const add = async (wish: WebhookWish) => {
    const { label, secret } = await adding.mutateAsync(wish);
    // Slack checks no signatures.
    if (secret === undefined) tell(`${words.made(label)}. ${words.madeSlack}`);
    else made({ label, secret });
    close();
  };
  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen(true)}>
        {words.add}
      </Button>
      <Modal opened={isOpen} onClose={close} title={words.addTitle}>
        <WebhookForm
          begin={empty}
          isNew
          button={words.addButton}
          error={adding.error}
          isBusy={adding.isPending}
          // What was refused is shown in the form.
          send={(wish) => void add(wish).catch(() => undefined)}
          cancel={close}
        />
      </Modal>
    </>
  );
}
