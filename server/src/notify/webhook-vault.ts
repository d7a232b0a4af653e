import { z } from 'zod';
import { createSeal } from '../sealed.ts';

const sealedSchema = z.strictObject({
  webhook: z.string(),
  url: z.string(),
  /** Newest first. */
  secrets: z.array(z.strictObject({ secret: z.string(), until: z.int().nullable() })),
});

/** What only the server knows of a webhook: where it goes (of Slack's, the address is the secret) and what signs. */
export type WebhookSecrets = z.infer<typeof sealedSchema>;

export interface WebhookVault {
  seal(secrets: WebhookSecrets): Promise<string>;
  /** Rejects when it was not sealed under this master secret, for this webhook. */
  open(webhook: string, sealed: string): Promise<WebhookSecrets>;
}

/** Keeps them sealed under the master secret (sealed.ts). */
export function createWebhookVault(masterSecret: string): WebhookVault {
  const { seal, open } = createSeal(masterSecret, 'webhook-secrets');
  return {
    seal,
    async open(webhook, sealed) {
      const secrets = sealedSchema.parse(await open(sealed));
      if (secrets.webhook !== webhook) throw new Error('sealed for another webhook');
      return secrets;
    },
  };
}
