import { readFileSync } from 'node:fs';
import { second } from '@postern/shared/time';
import { buildApp, prepare } from './app.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { listen } from './http/listen.ts';
import { createPeerCheck } from './http/remote-address.ts';
import { createLog } from './log.ts';
import { type RunningJobs, startJobs } from './jobs.ts';
import { openDeps, type Overrides } from './open-deps.ts';

export interface RunningServer {
  /** Where it listens, on this machine. */
  url: string;
  deps: Deps;
  jobs: RunningJobs;
  /** The first admin, when this start made them. */
  firstAdminId: string | undefined;
  /** Stops accepting, finishes what runs (at most 10 s), writes what waits, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long requests that run may take to finish when the server stops. */
const graceMs = 10 * second;

/**
 * Starts a server in this process. With port 0 the system chooses one; an issuer that ends in `:0` then gets it too,
 * so that tests can run side by side.
 */
export async function start(config: Config, overrides: Overrides = {}): Promise<RunningServer> {
  const log = overrides.log ?? createLog(config.logLevel);
  const tls =
    config.tls === null
      ? null
      : { cert: readFileSync(config.tls.certFile, 'utf8'), key: readFileSync(config.tls.keyFile, 'utf8') };
  const listener = await listen({ host: config.host, port: config.port, tls, mayConnect: createPeerCheck(config) });
  try {
    const issuer = config.port === 0 ? config.issuer.replace(/:0$/, `:${listener.port}`) : config.issuer;
    const deps = await openDeps({ ...config, issuer }, { ...overrides, log });
    let stopping: Promise<void> | undefined;
    const { firstAdminId } = await prepare(deps);
    const app = buildApp(deps, () => stopping !== undefined);
    const jobs = startJobs(app.jobs, log, (name) => deps.metrics.jobFailed(name));
    listener.serve(app.handler);
    const stop = async () => {
      log.info('stopping');
      await Promise.all([listener.close(graceMs), jobs.stop(), app.stop()]);
      await deps.store.close();
      log.info('stopped');
    };
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    const url = `${tls === null ? 'http' : 'https'}://${host}:${listener.port}`;
    log.info({ url, issuer, database: deps.store.kind }, 'listening');
    return { url, deps, jobs, firstAdminId, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await listener.close(0);
    throw error;
  }
}
