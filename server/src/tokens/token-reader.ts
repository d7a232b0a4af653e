import { LRUCache } from 'lru-cache';
import { type AccessTokenClaims, accessTokenClaimsSchema } from '@postern/shared/protocol/token';
import type { Deps } from '../deps.ts';
import { accessTokenType } from './access-token.ts';

type ReadDeps = Pick<Deps, 'config' | 'signingKeys'>;

/** The claims of a token that this backend signed, expired or not; undefined for anything else. */
export async function readOwnToken(
  { config, signingKeys }: ReadDeps,
  token: string,
): Promise<AccessTokenClaims | undefined> {
  const claims = accessTokenClaimsSchema.safeParse(await signingKeys.verify(token, accessTokenType)).data;
  return claims?.iss === config.issuer ? claims : undefined;
}

/** About 3 KB each. Tokens live for minutes, and each is shown many times. */
const maxRemembered = 10_000;

/**
 * Reads tokens as `readOwnToken` does, and verifies the signature of each once. What is remembered is only what was
 * verified, under the very text that it was verified for, and only while its key is believed.
 */
export function createTokenReader(deps: ReadDeps): (token: string) => Promise<Readonly<AccessTokenClaims> | undefined> {
  const verified = new LRUCache<string, { kid: string; claims: AccessTokenClaims }>({ max: maxRemembered });
  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined && deps.signingKeys.isPublished(known.kid)) return known.claims;
    verified.delete(token);
    const claims = await readOwnToken(deps, token);
    if (claims !== undefined) verified.set(token, { kid: kidOf(token), claims });
    return claims;
  };
}

/** Of a token that was verified: its header is JSON and has one. */
function kidOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()) as { kid: string };
  return header.kid;
}
