import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { EditWebhook } from './edit-webhook.tsx';
import { type Webhook, webhooksPath } from './types.ts';
import { type Asked, WebhookQuestions } from './webhook-questions.tsx';
import type { NewSecret } from './webhook-secret.tsx';

const words = t.webhooks;

/** What an admin can do with a webhook. */
export function WebhookMenu({ webhook, showSecret }: { webhook: Webhook; showSecret: (secret: NewSecret) => void }) {
  const { id, label, enabled, format } = webhook;
  const [asked, setAsked] = useState<Asked>();
  const [isEditing, setEditing] = useState(false);
  const act = useAct((go: () => Promise<unknown>) => go(), staleAfter.webhook);
  const go = (what: () => Promise<unknown>, said: string) => tellOutcome(() => act.mutateAsync(what), said);
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={words.actionsOf(label)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconSend size={16} />}
            disabled={!enabled}
            onClick={() => void go(() => call('POST', `${webhooksPath}/${id}/test`), words.tested(label))}
          >
            {words.test}
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
            {words.edit}
          </Menu.Item>
          {format === 'standard' && (
            <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setAsked('rotate')}>
              {words.rotate}
            </Menu.Item>
          )}
          {enabled ? (
            <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => setAsked('disable')}>
              {words.disable}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconPlayerPlay size={16} />}
              onClick={() =>
                void go(() => call('PATCH', `${webhooksPath}/${id}`, { enabled: true }), words.switchedOn(label))
              }
            >
              {words.enable}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsked('remove')}>
            {words.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WebhookQuestions webhook={webhook} asked={asked} onClose={() => setAsked(undefined)} showSecret={showSecret} />
      {isEditing && <EditWebhook webhook={webhook} onClose={() => setEditing(false)} />}
    </>
  );
}
