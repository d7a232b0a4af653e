import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { compactJwsSchema, thumbprintSchema } from '@postern/shared/protocol/jwk';
import { timestampSchema } from '@postern/shared/time';
import { PrivateFileError } from './private-file-error.ts';
import { readPrivateFile, replacePrivateFile } from './private-file.ts';

const keptSchema = z.strictObject({
  issuer: z.url(),
  /** Of the key that it attests. */
  thumbprint: thumbprintSchema,
  attestation: compactJwsSchema,
  expiresAt: timestampSchema,
});
/** What this device authenticates with, until it expires. */
export type KeptAttestation = z.infer<typeof keptSchema>;

export interface ClientAttestationStore {
  readonly path: string;
  /** Undefined when there is none that can be used: another is asked for then. */
  load(): Promise<KeptAttestation | undefined>;
  /** Quiet when it cannot be kept: the next token only costs one question more. */
  save(kept: KeptAttestation): Promise<void>;
  remove(): Promise<void>;
}

/** Beside the state rather than in it: whoever asks for a token must not wait for a report that holds the state. */
export function clientAttestationsIn(dataFolder: string): ClientAttestationStore {
  const path = join(dataFolder, 'client-attestation.json');
  return {
    path,
    async load() {
      try {
        return keptSchema.safeParse(JSON.parse(await readPrivateFile(path))).data;
      } catch (error) {
        if (error instanceof PrivateFileError || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    async save(kept) {
      await replacePrivateFile(path, `${JSON.stringify(kept)}\n`).catch((error: unknown) => {
        if (!(error instanceof PrivateFileError)) throw error;
      });
    },
    remove: () => rm(path, { force: true }),
  };
}
