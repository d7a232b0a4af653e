import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Config } from '../config.ts';
import { isLoopback } from '../loopback.ts';
import { type AnyRoute, defineRoute } from './route.ts';

export interface HealthOptions {
  config: Pick<Config, 'metricsFor'>;
  /** Rejects while requests cannot be answered: the database is away, or there is no key to sign with. */
  ready: () => Promise<void>;
  isStopping: () => boolean;
  metrics: { contentType: string; text(): Promise<string> };
}

const statusSchema = z.strictObject({ status: z.enum(['up', 'ready']) }).meta({ id: 'Health' });

/** What operators and their machines ask. */
export function healthRoutes({ config, ready, isStopping, metrics }: HealthOptions): AnyRoute[] {
  // Every question writes to the database, so questions that arrive together share one answer.
  let asking: Promise<void> | undefined;
  const ask = () => (asking ??= ready().finally(() => (asking = undefined)));

  return [
    defineRoute({
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process is up',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: statusSchema },
      errors: [],
      handle: async () => ({ status: 200, body: { status: 'up' } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/readyz',
      summary:
        'Whether requests can be answered: the database reads and writes, there is a signing key, and no stop is under way',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: statusSchema },
      errors: ['unavailable'],
      handle: async () => {
        if (isStopping()) throw new Fault('unavailable');
        try {
          await ask();
        } catch (cause) {
          throw new Fault('unavailable', { cause });
        }
        return { status: 200, body: { status: 'ready' } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      summary:
        'Metrics in the text format of Prometheus. For callers on this machine, unless the configuration opens it',
      audience: 'open',
      rate: 'discovery',
      replies: { 200: z.string() },
      errors: ['not_found'],
      handle: async (request) => {
        // A proxy on this machine that nobody declared would make every caller look local; it gives itself away.
        const forwarded = request.header('x-forwarded-for') ?? request.header('forwarded') ?? request.header('via');
        const isLocal = isLoopback(request.remoteAddress) && forwarded === undefined;
        if (config.metricsFor !== 'everyone' && !isLocal) throw new Fault('not_found');
        return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
      },
    }),
  ];
}
