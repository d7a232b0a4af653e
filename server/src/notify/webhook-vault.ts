import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';
import { deriveKey } from '../master-key.ts';

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

/** Keeps them as JWE (RFC 7516, `dir` with A256GCM) under a key derived from the master secret. */
export function createWebhookVault(masterSecret: string): WebhookVault {
  const key = deriveKey(masterSecret, 'webhook-secrets');
  return {
    seal: async (secrets) =>
      await new CompactEncrypt(Buffer.from(JSON.stringify(secrets)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key),
    async open(webhook, sealed) {
      const { plaintext } = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      const secrets = sealedSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
      if (secrets.webhook !== webhook) throw new Error('sealed for another webhook');
      return secrets;
    },
  };
}
