import { signInMethods, type Session } from '@postern/shared/protocol/sign-in';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import type { Database } from '../../storage/database.ts';

/** More are not shown; ending all ends them too. */
const most = 200;

/** Sessions of somebody that still hold, newest first. */
export async function liveSessions(
  { store }: Pick<Deps, 'store'>,
  personId: string,
  now: Instant,
): Promise<Database['sessions'][]> {
  return await store.read
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('hash')
    .limit(most)
    .execute();
}

/** @param current hash of the session that asks */
export function sessionView(row: Database['sessions'], current: string | undefined): Session {
  return {
    // A hash of 256 random bits: it names the session and opens nothing.
    id: row.hash,
    method: signInMethods.find((method) => method === row.method) ?? 'sign-in-link',
    userAgent: row.user_agent,
    remoteAddress: row.remote_address,
    createdAt: toTimestamp(row.created_at),
    expiresAt: toTimestamp(row.expires_at),
    current: row.hash === current,
  };
}
