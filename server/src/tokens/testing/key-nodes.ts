import type { TestContext } from 'node:test';
import { day, type Instant } from '@postern/shared/time';
import type { Config } from '../../config.ts';
import type { Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { createSignalKeys } from '../rotating-signal-keys.ts';
import { createSigningKeys } from '../rotating-signing-keys.ts';

export const masterSecret = Buffer.alloc(32, 7).toString('base64url');
export const start: Instant = Date.parse('2026-11-21T09:30:00Z');
export const lifeMs = 30 * day;
export const aheadMs = day;

type KeyConfig = Pick<Config, 'masterSecret' | 'signingKeyLifeMs' | 'signingKeyAheadMs' | 'signalAlg'>;
// Making an RSA key takes as long as a hundred of these tests: only those that are about RSA ask for it.
const config: KeyConfig = {
  masterSecret,
  signingKeyLifeMs: lifeMs,
  signingKeyAheadMs: aheadMs,
  signalAlg: 'ES256',
};

/** Nodes on one database, with a clock that the test sets. */
export async function openKeyNodes(t: Pick<TestContext, 'after'>, given?: Store) {
  const store = given ?? (await openTestStore(t));
  let now = start;
  const clock = { now: () => now };
  const signingNode = (change: Partial<KeyConfig> = {}) =>
    createSigningKeys({ store, clock, config: { ...config, ...change } });
  const signalNode = (change: Partial<KeyConfig> = {}) =>
    createSignalKeys({ store, clock, config: { ...config, ...change } });
  return { store, clock, set: (instant: Instant) => void (now = instant), signingNode, signalNode };
}

/** What stands in the header of a JWS. */
export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
