import { When } from '../../parts/when.tsx';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { t } from '../../strings/index.ts';

const words = t.webhooks;

/** A secret that was just made. */
export interface NewSecret {
  label: string;
  secret: string;
  /** Of a secret that took another one's place: how long that one is good too. */
  oldUntil?: string;
}

/** The secret that messages are signed with, this once. */
export function WebhookSecret({ secret, onClose }: { secret: NewSecret | undefined; onClose: () => void }) {
  const { label = '', secret: text = '', oldUntil } = secret ?? {};
  return (
    <SecretOnce
      opened={secret !== undefined}
      onClose={onClose}
      title={oldUntil === undefined ? words.made(label) : words.rotated(label)}
      text={
        <>
          {words.madeText}
          {oldUntil !== undefined && (
            <div>
              {words.rotatedText} <When at={oldUntil} both />
            </div>
          )}
        </>
      }
      secrets={[[words.secret, text]]}
      done={words.done}
    />
  );
}
