import { CompactSign } from 'jose';
import type { Deps } from '../deps.ts';
import { createKeyRing, type KeyRingDeps } from './key-ring.ts';
import { isPublished } from './signing-key-plan.ts';
import type { RotatingSignalKeys } from './signing-keys.ts';

type SignalKeyDeps = KeyRingDeps & { config: Pick<Deps['config'], 'signalAlg'> };

/**
 * The keys that sign signals. Nothing is read or made before somebody asks for it: making an RSA key takes longer than
 * everything else at a start.
 */
export function createSignalKeys(deps: SignalKeyDeps): RotatingSignalKeys {
  const { clock } = deps;
  const { signalAlg } = deps.config;
  const ring = createKeyRing(deps, 'signal', signalAlg);
  const published = () => ring.keys().filter((key) => isPublished(key, clock.now()));
  let begun: Promise<void> | undefined;

  /** Once in the life of a node, so that two nodes on which different algorithms are set make no key each minute. */
  function begin(): Promise<void> {
    begun ??= ring.begin(clock.now()).catch((error: unknown) => {
      begun = undefined;
      throw error;
    });
    return begun;
  }

  return {
    use: ring.use,
    signsSince: ring.signsSince,
    alg: signalAlg,
    async sign(claims, typ, now) {
      await begin();
      const key = await ring.signer(now);
      // jose signs over WebCrypto, on another thread: RS256 costs a millisecond, which the requests need.
      return new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: key.alg, typ, kid: key.kid })
        .sign(key.privateKey);
    },
    async jwks() {
      await begin();
      return { keys: published().map((key) => key.publicJwk) };
    },
    async kids() {
      await ring.read();
      return published().map(({ kid }) => kid);
    },
    async rotateIfDue(now) {
      await begin();
      await ring.rotateIfDue(now);
    },
    async follow() {
      if (begun !== undefined) await ring.follow();
    },
    rotateNow: ring.rotateNow,
  };
}
