import { isSignedBy, openJws, signJws } from '../jws/index.ts';
import { createKeyRing, type KeyRingDeps } from './key-ring.ts';
import { isPublished } from './signing-key-plan.ts';
import type { RotatingSigningKeys } from './signing-keys.ts';

/** Ours stay below 1 KB; gateways take no more than this either. */
const maxTokenLength = 4096;

/**
 * Reads the keys that sign access tokens and makes the first one when there is none.
 *
 * @throws Error when a key in use cannot be opened with this master secret
 */
export async function createSigningKeys(deps: KeyRingDeps): Promise<RotatingSigningKeys> {
  const { clock } = deps;
  const ring = createKeyRing(deps, 'access-token', 'ES256');
  await ring.begin(clock.now());
  const published = () => ring.keys().filter((key) => isPublished(key, clock.now()));
  return {
    use: ring.use,
    signsSince: ring.signsSince,
    rotateIfDue: ring.rotateIfDue,
    follow: ring.follow,
    rotateNow: ring.rotateNow,
    async sign(claims, typ, now) {
      const key = await ring.signer(now);
      return signJws({ typ, kid: key.kid }, claims, key.privateKey);
    },
    async verify(token, typ) {
      const jws = openJws(token, maxTokenLength);
      if (jws === undefined || jws.header['alg'] !== 'ES256' || jws.header['typ'] !== typ) return undefined;
      const { kid } = jws.header;
      if (typeof kid !== 'string') return undefined;
      const key = await ring.find(kid);
      if (key === undefined || !isPublished(key, clock.now())) return undefined;
      return isSignedBy(jws, key.publicKey) ? { ...jws.payload } : undefined;
    },
    isPublished: (kid) => published().some((key) => key.kid === kid),
    jwks: () => ({ keys: published().map((key) => key.publicJwk) }),
  };
}
