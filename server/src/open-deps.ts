import type { Logger } from 'pino';
import { type Clock, systemClock } from '@postern/shared/time';
import { AnonymousRefusals } from './audit/index.ts';
import { type CommitNews, createCommitNews } from './commit-news.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { createLog } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createCurrentPolicies } from './policy/index.ts';
import { type Random, systemRandom } from './random.ts';
import { migrate, openStore } from './storage/index.ts';
import {
  createNonces,
  createOwnNonces,
  createSignalKeys,
  createSigningKeys,
  type RotatingSignalKeys,
  type RotatingSigningKeys,
} from './tokens/index.ts';

export interface Overrides {
  clock?: Clock;
  random?: Random;
  log?: Logger;
}

/** What all capabilities stand on, opened. */
export interface OpenDeps extends Deps {
  signingKeys: RotatingSigningKeys;
  signalKeys: RotatingSignalKeys;
  metrics: Metrics;
  commitNews: CommitNews;
}

/**
 * Brings the database to the current schema and opens all that the capabilities need: for the server and for the
 * commands that work on the database beside it. Closing `store` closes everything.
 */
export async function openDeps(config: Config, overrides: Overrides = {}): Promise<OpenDeps> {
  const { clock = systemClock, random = systemRandom, log = createLog(config.logLevel) } = overrides;
  const metrics = createMetrics();
  const migrations = await migrate(config.databaseUrl);
  if (migrations.length > 0) log.info({ migrations }, 'database migrated');
  const commitNews = createCommitNews();
  const store = commitNews.tellOf(metrics.measure(await openStore(config.databaseUrl, { log })));
  try {
    const signingKeys = await createSigningKeys({ store, clock, config });
    return {
      config,
      store,
      clock,
      random,
      log,
      policies: createCurrentPolicies(store),
      // A file has one server process; a database may have several, and each knows the nonces of all.
      nonces: store.kind === 'sqlite' ? createOwnNonces(random) : createNonces(config.masterSecret),
      signingKeys,
      signalKeys: createSignalKeys({ store, clock, config }),
      anonymousRefusals: new AnonymousRefusals(),
      metrics,
      commitNews,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
