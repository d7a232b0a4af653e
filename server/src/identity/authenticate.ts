import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { updateAny } from '../storage/change.ts';
import { apiTokenPrefix } from './api-tokens.ts';
import { sessionOf } from './sessions/session-cookie.ts';
import { rolesOf } from './roles.ts';
import { refuseOtherOrigin, refuseOtherPages } from './origin.ts';

const stepMs = 5 * minute;
/** The console sends it with what it asks by itself while nobody touches it (server/console/src/api/attendance.ts). */
const unattended = 'postern-unattended';

interface Credentials {
  method: string;
  header: (name: string) => string | undefined;
  now: Instant;
  /** Only whether they are still signed in is asked: nobody does anything. */
  isLook?: boolean;
}

export type PersonAuthenticator = (credentials: Credentials) => Promise<PersonCaller>;

/**
 * Says which person calls: by an admin API token (`Authorization: Bearer`) or by a console session.
 * Throws not_signed_in, the same for every cause, and origin_refused for what another site wants done or read with a session.
 */
export function createPersonAuthenticator(deps: Pick<Deps, 'store' | 'config'>): PersonAuthenticator {
  const { store, config } = deps;

  async function byToken(token: string, now: Instant): Promise<PersonCaller> {
    const row = await store.read
      .selectFrom('api_tokens')
      .innerJoin('users', 'users.id', 'api_tokens.user_id')
      .select([
        'users.id',
        'users.name',
        'users.roles',
        'users.active',
        'api_tokens.expires_at',
        'api_tokens.revoked_at',
        'api_tokens.authenticated_at',
      ])
      .where('api_tokens.hash', '=', sha256(token))
      .executeTakeFirst();
    if (row === undefined || row.revoked_at !== null || now >= row.expires_at || row.active !== 1)
      throw new Fault('not_signed_in');
    return callerOf(row, 'api-token');
  }

  async function bySession(session: string, isDoing: boolean, now: Instant): Promise<PersonCaller> {
    const row = await store.read
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select([
        'users.id',
        'users.name',
        'users.roles',
        'users.active',
        'sessions.hash',
        'sessions.created_at',
        'sessions.expires_at',
        'sessions.ended_at',
        'sessions.authenticated_at',
      ])
      .where('sessions.hash', '=', sha256(session))
      .executeTakeFirst();
    if (row === undefined || row.ended_at !== null || now >= row.expires_at || row.active !== 1)
      throw new Fault('not_signed_in');
    if (isDoing) await keepAlive(row, now);
    return callerOf(row, 'session');
  }

  /** Whoever does something stays signed in for another while, up to the longest that a session lasts. */
  async function keepAlive(row: { hash: string; created_at: number; expires_at: number }, now: Instant): Promise<void> {
    const { lifeMs, idleMs } = config.session;
    const until = Math.min(row.created_at + lifeMs, now + idleMs);
    // Not for every call: a screen makes many, and each would be a write.
    if (until - row.expires_at < Math.min(stepMs, idleMs / 4)) return;
    await store.commit({
      changes: [updateAny('sessions', { hash: row.hash, ended_at: null }, { expires_at: until })],
      audit: [],
    });
  }

  return async ({ method, header, now, isLook = false }) => {
    const authorization = header('authorization');
    if (authorization !== undefined) {
      const token = /^Bearer ([\w-]{1,256})$/i.exec(authorization)?.[1];
      if (token === undefined || !token.startsWith(apiTokenPrefix)) throw new Fault('not_signed_in');
      return await byToken(token, now);
    }
    const session = sessionOf(config.issuer, header('cookie'));
    if (session === undefined) throw new Fault('not_signed_in');
    // A browser sends cookies along with requests that other sites make it send; it does not lie about Origin.
    const safe = method === 'GET' || method === 'HEAD';
    if (safe) refuseOtherPages(header);
    else refuseOtherOrigin(config.issuer, header);
    return await bySession(session, !isLook && header(unattended) === undefined, now);
  };
}

function callerOf(
  row: { id: string; name: string; roles: string; authenticated_at: number },
  via: PersonCaller['via'],
): PersonCaller {
  const { id, name, authenticated_at: authenticatedAt } = row;
  return { kind: 'person', id, name, roles: rolesOf(row), via, authenticatedAt };
}
