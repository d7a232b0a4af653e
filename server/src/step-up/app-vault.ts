import { z } from 'zod';
import type { Config } from '../config.ts';
import { createSeal } from '../sealed.ts';

const sealedSchema = z.strictObject({ person: z.string(), secret: z.string() });
const use = 'authenticator-apps';

/** Seals the secret of an authenticator app, for this person. */
export async function sealAppSecret(
  { masterSecret }: Pick<Config, 'masterSecret'>,
  content: z.infer<typeof sealedSchema>,
): Promise<string> {
  return createSeal(masterSecret, use).seal(content);
}

/** Rejects what was not sealed under this master secret for this person: nobody's row is good for somebody else. */
export async function openAppSecret(
  { masterSecret }: Pick<Config, 'masterSecret'>,
  personId: string,
  sealed: string,
): Promise<string> {
  const { person, secret } = sealedSchema.parse(await createSeal(masterSecret, use).open(sealed));
  if (person !== personId) throw new Error('sealed for somebody else');
  return secret;
}
