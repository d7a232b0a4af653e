import { readConfig } from '@postern/server/config-read';
import { createApiToken, createUser, findUserByEmail } from '@postern/server/identity/index';
import { type RunningServer, start } from '@postern/server/start';
import type { Role } from '@postern/shared/protocol/admin';
import { hour } from '@postern/shared/time';
import { Api, type ApiAnswer } from './api.ts';
import { Gateway } from './gateway.ts';
import { type MovingClock, movingClock } from './moving-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Context {
  after(clean: () => void | Promise<void>): void;
}

/** A real backend in this process: real HTTP, real database, a clock that the test can move. */
export class Backend {
  readonly url: string;
  readonly server: RunningServer;
  readonly clock: MovingClock;
  /** The environment in which the commands of postern-server work on the same database. */
  readonly env: Record<string, string>;

  constructor(server: RunningServer, clock: MovingClock, env: Record<string, string>) {
    this.url = server.url;
    this.server = server;
    this.clock = clock;
    this.env = env;
  }

  /** The API as that person, who is made when there is none. */
  async person(email: string, roles: readonly Role[]): Promise<Api> {
    const { deps } = this.server;
    const system = { kind: 'system' as const, id: null };
    const now = this.clock.now();
    const user =
      (await findUserByEmail(deps.store.read, email)) ??
      (await createUser(deps, { name: email.split('@')[0] ?? email, email, roles }, system, now));
    const { token } = await createApiToken(deps, { userId: user.id, label: 'test', lifeMs: 1000 * hour }, system, now);
    return new Api(this.url, token);
  }

  /** Puts a policy into force as admins do who are not alone: the first one writes and submits it, another one approves it. */
  async publish(document: string, approver: Api): Promise<void> {
    const author = await this.person('admin@localhost', ['admin']);
    const drafted = succeeded(await author.post('/v1/admin/policy-drafts', { document }));
    const path = `/v1/admin/policy-drafts/${String(drafted['id'])}`;
    const submitted = succeeded(await author.post(`${path}/submit`, { version: drafted['version'] }));
    const { version, documentHash } = submitted;
    succeeded(await approver.post(`${path}/approve`, { version, documentHash }));
  }

  async gateway(admin: Api, resource: string): Promise<Gateway> {
    const made = await admin.post('/v1/admin/gateways', { name: `Gateway of ${resource}`, resources: [resource] });
    if (made.status !== 201) throw new Error(`no gateway: ${JSON.stringify(made.body)}`);
    return new Gateway(this.url, String(made.body['id']), String(made.body['secret']));
  }
}

function succeeded({ status, body }: ApiAnswer): ApiAnswer['body'] {
  if (status >= 300) throw new Error(`no policy: ${JSON.stringify(body)}`);
  return body;
}

/** High enough that a test is never limited by accident. */
const limits = Object.fromEntries(
  [
    'DISCOVERY',
    'CONSOLE',
    'CHALLENGE',
    'ENROLLMENT',
    'ATTESTATION',
    'TOKEN',
    'GATEWAY',
    'DEVICE',
    'SIGN_IN',
    'ADMIN',
    'ATTESTATIONS_PER_DEVICE',
  ].map((name) => [`POSTERN_LIMIT_${name}`, '1000000']),
);

export async function startBackend(t: Context, env: Record<string, string> = {}): Promise<Backend> {
  const clock = movingClock();
  const settings = {
    POSTERN_DATA: temporaryFolder(t, 'backend'),
    POSTERN_PORT: '0',
    POSTERN_LOG: process.env['POSTERN_TEST_LOG'] ?? 'silent',
    ...limits,
    ...env,
  };
  const server = await start(readConfig(settings), { clock });
  t.after(() => server.stop());
  return new Backend(server, clock, settings);
}
