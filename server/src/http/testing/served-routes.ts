import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { Fault } from '@postern/shared/protocol/errors';
import { createHandler } from '../adapter.ts';
import type { Authenticators } from '../authenticators.ts';
import { listen, type Listener, type ListenOptions } from '../listen.ts';
import type { AnyRoute, RateClass } from '../route.ts';

export interface ServedRoutes {
  url: string;
  listener: Listener;
  /** Lines of the log, as written. */
  logLines: string[];
  rateLimited: RateClass[];
  authentications: { count: number };
}

interface Options {
  limits?: Partial<Record<RateClass, number>>;
  authenticators?: Partial<Authenticators>;
  trustedProxies?: readonly string[];
  issuer?: string;
  timeouts?: NonNullable<ListenOptions['timeouts']>;
}

const plenty = 1_000_000;

/** Serves routes on a port of its own, with a caller of each kind that is let in, until the test ends. */
export async function serveRoutes(
  t: Pick<TestContext, 'after'>,
  routes: readonly AnyRoute[],
  options: Options = {},
): Promise<ServedRoutes> {
  const logLines: string[] = [];
  const rateLimited: RateClass[] = [];
  const authentications = { count: 0 };
  const counted =
    <Caller>(caller: Caller) =>
    async () => {
      authentications.count += 1;
      return caller;
    };
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
  t.after(() => listener.close(0));
  const limits: Record<RateClass, number> = {
    discovery: plenty,
    console: plenty,
    challenge: plenty,
    enrollment: plenty,
    attestation: plenty,
    token: plenty,
    gateway: plenty,
    device: plenty,
    'sign-in': plenty,
    admin: plenty,
    ...options.limits,
  };
  let ids = 0;
  listener.serve(
    createHandler({
      routes,
      config: {
        issuer: options.issuer ?? `http://127.0.0.1:${listener.port}`,
        limits,
        trustedProxies: options.trustedProxies ?? [],
      },
      authenticators: {
        person: counted({
          kind: 'person',
          id: 'usr_1',
          name: 'Ada',
          roles: ['approver'],
          via: 'api-token',
          authenticatedAt: 0,
        } as const),
        device: async () => {
          throw new Fault('nonce_required');
        },
        gateway: async () => {
          throw new Fault('client_authentication_failed');
        },
        ...options.authenticators,
      },
      issueNonce: () => 'a-nonce',
      clock: { now: () => 1_790_000_000_000 },
      random: { uuid: () => `request-${(ids += 1)}` },
      log: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
      metrics: { answered: () => undefined, rateLimited: (rate) => void rateLimited.push(rate) },
    }),
  );
  return { url: `http://127.0.0.1:${listener.port}`, listener, logLines, rateLimited, authentications };
}
