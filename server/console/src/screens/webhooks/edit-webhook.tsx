import { Modal } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { type Webhook, webhooksPath } from './types.ts';
import { WebhookForm, type WebhookWish } from './webhook-form.tsx';

const words = t.webhooks;

/** Changes what a webhook is called, where it is and what it is told of. */
export function EditWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const saving = useAct(
    ({ label, url, events }: WebhookWish) =>
      call('PATCH', `${webhooksPath}/${webhook.id}`, { label, events, ...(url === '' ? {} : { url }) }),
    staleAfter.webhook,
  );
  const save = async (wish: WebhookWish) => {
    await saving.mutateAsync(wish);
    tell(words.saved);
    onClose();
  };
  const { label, format, events } = webhook;
  return (
    <Modal opened onClose={onClose} title={words.editTitle(label)}>
      <WebhookForm
        begin={{ label, url: '', format, events }}
        isNew={false}
        button={words.save}
        error={saving.error}
        isBusy={saving.isPending}
        // What was refused is shown in the form.
        send={(wish) => void save(wish).catch(() => undefined)}
        cancel={onClose}
      />
    </Modal>
  );
}
