import type { Installation } from '@postern/shared/protocol/settings';
import { keepers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;

/** How people and programs are told. */
export function Channels({ installation: { mail, webhooks } }: { installation: Installation }) {
  const seesWebhooks = useIs(...keepers);
  return (
    <Card title={words.channels}>
      <Facts
        facts={[
          [words.mail, mail === null ? words.noMail : words.mailBy(mail.from, mail.host)],
          [words.webhooks, words.webhookCount(webhooks.enabled, webhooks.disabled)],
        ]}
      />
      {seesWebhooks && (
        <AppLink to="/webhooks" size="sm">
          {words.toWebhooks}
        </AppLink>
      )}
    </Card>
  );
}
