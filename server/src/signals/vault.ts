import { z } from 'zod';
import { createSeal } from '../sealed.ts';

const sealedSchema = z.strictObject({ stream: z.string(), endpoint: z.string(), header: z.string() });

/** The Authorization header that a push receiver wants to see, bound to the stream and the address that it was given for. */
export type StreamSecret = z.infer<typeof sealedSchema>;

/** Keeps it sealed under the master secret (sealed.ts). */
export function createStreamVault(masterSecret: string) {
  const { seal, open } = createSeal(masterSecret, 'stream-authorization');
  return {
    seal: (secret: StreamSecret) => seal(secret),
    /** Rejects what was sealed for another stream or address: it would tell one receiver the secret of another. */
    async open(sealed: string, stream: string, endpoint: string): Promise<string> {
      const secret = sealedSchema.parse(await open(sealed));
      if (secret.stream !== stream || secret.endpoint !== endpoint) throw new Error('sealed for another receiver');
      return secret.header;
    },
  };
}
