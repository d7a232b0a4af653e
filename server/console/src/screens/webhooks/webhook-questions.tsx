import { Text } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { type Webhook, webhooksPath } from './types.ts';
import type { NewSecret } from './webhook-secret.tsx';

const words = t.webhooks;

/** What is asked about before it is done. */
export type Asked = 'rotate' | 'disable' | 'remove';

/** Asks before something that whoever receives the messages notices. */
export function WebhookQuestions({
  webhook: { id, label },
  asked,
  onClose,
  showSecret,
}: {
  webhook: Webhook;
  asked: Asked | undefined;
  onClose: () => void;
  showSecret: (secret: NewSecret) => void;
}) {
  const path = `${webhooksPath}/${id}`;
  const act = useAct((go: () => Promise<unknown>) => go(), staleAfter.webhook);
  const rotate = async () => {
    const made = await call<{ secret: string; oldSecretUntil: string }>('POST', `${path}/secret`);
    showSecret({ label, secret: made.secret, oldUntil: made.oldSecretUntil });
  };
  const disable = async () => {
    await call('PATCH', path, { enabled: false });
    tell(words.switchedOff(label));
  };
  const remove = async () => {
    await call('DELETE', path);
    tell(words.removed(label));
  };
  return (
    <>
      <Confirm
        opened={asked === 'rotate'}
        onClose={onClose}
        title={words.rotateTitle(label)}
        button={words.rotate}
        act={() => act.mutateAsync(rotate)}
      >
        <Text size="sm">{words.rotateText}</Text>
      </Confirm>
      <Confirm
        opened={asked === 'disable'}
        onClose={onClose}
        title={words.disableTitle(label)}
        button={words.disable}
        danger
        act={() => act.mutateAsync(disable)}
      >
        <Text size="sm">{words.disableText}</Text>
      </Confirm>
      <Confirm
        opened={asked === 'remove'}
        onClose={onClose}
        title={words.removeTitle(label)}
        button={words.removeButton}
        danger
        act={() => act.mutateAsync(remove)}
      >
        <Text size="sm">{words.removeText}</Text>
      </Confirm>
    </>
  );
}
