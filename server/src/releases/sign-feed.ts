import { calculateJwkThumbprint, CompactSign, exportJWK, generateKeyPair } from 'jose';
import { type ReleaseFeed, releaseFeedType } from '@postern/shared/protocol/release-feed';
import type { FeedKey } from './feed-keys.ts';

/** Signs a feed, for those who mirror one or keep their own. */
export async function signFeed(feed: ReleaseFeed, { kid, alg, key }: FeedKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(feed)))
    .setProtectedHeader({ alg, typ: releaseFeedType, kid })
    .sign(key);
}

/** A new key pair (Ed25519): the private half as a JWK, the public one as the JWK Set for POSTERN_FEED_KEYS. */
export async function makeFeedKey() {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk, 'sha256');
  const named = { kid, alg: 'EdDSA', use: 'sig' };
  return {
    kid,
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...named },
    publicKeys: { keys: [{ ...publicJwk, ...named }] },
  };
}
