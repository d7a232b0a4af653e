import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { deriveKey } from '../master-key.ts';

const sealedSchema = z.strictObject({ person: z.string(), secret: z.string() });

/** Seals the secret of an authenticator app as JWE (RFC 7516, `dir` with A256GCM), for this person. */
export async function sealAppSecret(
  { masterSecret }: Pick<Config, 'masterSecret'>,
  content: z.infer<typeof sealedSchema>,
): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(deriveKey(masterSecret, 'authenticator-apps'));
}

/** Rejects what was not sealed under this master secret for this person: nobody's row is good for somebody else. */
export async function openAppSecret(
  { masterSecret }: Pick<Config, 'masterSecret'>,
  personId: string,
  sealed: string,
): Promise<string> {
  const { plaintext } = await compactDecrypt(sealed, deriveKey(masterSecret, 'authenticator-apps'), {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  const { person, secret } = sealedSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
  if (person !== personId) throw new Error('sealed for somebody else');
  return secret;
}
