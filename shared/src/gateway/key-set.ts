import { type CryptoKey, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { type Clock, day, type Instant, minute, second } from '../time.ts';
import { type BackendClient, Unavailable } from './backend-client.ts';

/** Signature algorithms, and the one kind of key that each goes with (RFC 8725 section 3.1). */
const keyTypes = {
  ES256: { kty: 'EC', crv: 'P-256' },
  RS256: { kty: 'RSA', crv: undefined },
} as const;
export type Algorithm = keyof typeof keyTypes;

export interface KeySet {
  /**
   * The key of exactly that name and algorithm; undefined when the issuer has none.
   *
   * @throws Unavailable when the keys were never read, or too long ago
   */
  find(kid: unknown, alg: Algorithm): Promise<CryptoKey | undefined>;
  /** Reads the keys where they are not known or will soon be old, for a time when they cannot be read. Nobody waits. */
  warm(): void;
  /** Forgets the keys: the issuer may have taken one back. Nobody is let in before they are read again. */
  distrust(): void;
}

/** How long keys are taken as they are; the backend says the same in Cache-Control. */
const freshMs = 10 * minute;
/** They are read again before that, so that no request waits. */
const soonMs = 5 * minute;
/** A kid that nobody knows makes the keys be read again once in this time, as does a backend that does not answer. */
const cooldownMs = 30 * second;
/** While nothing is known, every request waits for the keys; then the backend is asked more often. */
const firstCooldownMs = second;
/** While the backend is away its keys are believed this long: retired keys are published as long. */
const keptMs = day;

const kidPattern = /^[\w.-]{1,128}$/;
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The keys of the issuer: read once for all requests that wait, kept while the backend is away. */
export function createKeySet(backend: BackendClient, path: string, clock: Clock): KeySet {
  let keys: ReadonlyMap<string, CryptoKey> | undefined;
  let readAt: Instant = 0;
  let triedAt: Instant = -Infinity;
  let reading: Promise<void> | undefined;
  let generation = 0;

  async function read(): Promise<void> {
    triedAt = clock.now();
    const begunIn = generation;
    const { status, text } = await backend.ask(path, { headers: { accept: 'application/json' }, unlimited: true });
    if (status !== 200) throw new Unavailable(`The keys were answered with status ${status}.`);
    const found = await importKeys(text);
    // What was read before they were distrusted may hold the very key.
    if (begunIn !== generation) throw new Unavailable('The keys of the issuer changed while they were read.');
    keys = found;
    readAt = clock.now();
  }

  /** At most one reading at a time, and none in the time after the last. */
  function readAgain(): Promise<void> {
    const pause = keys === undefined ? firstCooldownMs : cooldownMs;
    if (reading === undefined && clock.now() - triedAt < pause) return Promise.resolve();
    if (reading === undefined) {
      const begun = read().finally(() => {
        if (reading === begun) reading = undefined;
      });
      reading = begun;
    }
    return reading;
  }

  /** Where there are keys, they outlast a backend that is away. */
  const readIfPossible = () => readAgain().catch(() => undefined);

  return {
    warm() {
      if (keys === undefined || clock.now() - readAt >= soonMs) void readIfPossible();
    },
    distrust() {
      generation += 1;
      keys = undefined;
      reading = undefined;
      triedAt = -Infinity;
    },
    async find(kid, alg) {
      if (typeof kid !== 'string' || !kidPattern.test(kid)) return undefined;
      const age = clock.now() - readAt;
      if (keys === undefined) await readAgain();
      else if (age >= freshMs) await readIfPossible();
      else if (age >= soonMs) void readIfPossible();
      const name = `${alg} ${kid}`;
      if (keys !== undefined && !keys.has(name)) await readIfPossible();
      if (keys === undefined) throw new Unavailable('The keys of the issuer were never read.');
      if (clock.now() - readAt > keptMs) throw new Unavailable('The keys of the issuer were read too long ago.');
      return keys.get(name);
    },
  };
}

/** Keys that are for signatures and say what they are; others are none of ours. */
async function importKeys(text: string): Promise<Map<string, CryptoKey>> {
  let published: z.infer<typeof jwksSchema>;
  try {
    published = jwksSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Unavailable('The keys of the issuer are not a JWK set.', { cause });
  }
  const found = new Map<string, CryptoKey>();
  for (const jwk of published.keys) {
    const alg = algorithmOf(jwk);
    if (alg === undefined || typeof jwk['kid'] !== 'string' || !kidPattern.test(jwk['kid'])) continue;
    const name = `${alg} ${jwk['kid']}`;
    // Two keys of one name: neither can be the one that is meant.
    if (found.has(name)) throw new Unavailable('Two keys of the issuer have the same kid.');
    try {
      const key = await importJWK(jwk as JWK, alg);
      if (!(key instanceof Uint8Array)) found.set(name, key);
    } catch {
      // A key that cannot be read verifies nothing; the others still do.
    }
  }
  if (found.size === 0) throw new Unavailable('The issuer publishes no key that can be used.');
  return found;
}

function algorithmOf(jwk: Readonly<Record<string, unknown>>): Algorithm | undefined {
  if (Object.hasOwn(jwk, 'd') || (jwk['use'] !== undefined && jwk['use'] !== 'sig')) return undefined;
  const names = Object.keys(keyTypes) as Algorithm[];
  return names.find((name) => {
    const { kty, crv } = keyTypes[name];
    return jwk['kty'] === kty && jwk['crv'] === crv && (jwk['alg'] === undefined || jwk['alg'] === name);
  });
}
