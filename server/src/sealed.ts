import { CompactEncrypt, compactDecrypt } from 'jose';
import { deriveKey } from './master-key.ts';

/** Keeps secrets in the database so that only who has the master secret reads them. */
export interface Seal {
  readonly seal: (content: object) => Promise<string>;
  /** What was sealed, parsed. Rejects what was not sealed under this master secret, for this use. */
  readonly open: (sealed: string) => Promise<unknown>;
}

/**
 * Seals as JWE (RFC 7516, `dir` with A256GCM) under a key derived from the master secret for one use. Whose it is must stand
 * in the content, and be compared: a sealed text can be copied from row to row.
 */
export function createSeal(masterSecret: string, use: string): Seal {
  const key = deriveKey(masterSecret, use);
  return {
    seal: async (content) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key),
    async open(sealed) {
      const { plaintext } = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return JSON.parse(new TextDecoder().decode(plaintext)) as unknown;
    },
  };
}
