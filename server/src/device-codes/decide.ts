import type { Kysely } from 'kysely';
import type { Id } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { readUserCode } from './user-code.ts';

/**
 * What waits under a user code, for the person who typed it.
 *
 * @throws Fault user_code_invalid, whether the code never was, is decided or too old; user_code_not_yours
 */
export async function waitingDevice(
  read: Kysely<Database>,
  person: PersonCaller,
  { typed, remoteAddress }: { typed: string; remoteAddress: string },
  now: Instant,
) {
  const row = await findWaiting(read, person, typed, now);
  return {
    userCode: row.user_code,
    deviceName: row.device_name,
    remoteAddress: row.remote_address,
    sameAddress: row.remote_address === remoteAddress,
    requestedAt: toTimestamp(row.created_at),
    expiresAt: toTimestamp(row.expires_at),
    signIn:
      row.device_id === null
        ? null
        : {
            device: { id: row.device_id as Id<'device'>, name: row.enrolled_name ?? '' },
            resource: row.resource ?? '',
          },
  };
}

/**
 * Records what a person decided about a waiting device. Approving makes them the owner of a new one; on one that is theirs
 * it says that they are there, which takes a session.
 *
 * @throws Fault user_code_invalid, user_code_not_yours, session_required
 */
export async function decideDeviceCode(
  deps: Pick<Deps, 'store'>,
  person: PersonCaller,
  { typed, decision }: { typed: string; decision: 'approve' | 'deny' },
  now: Instant,
): Promise<void> {
  const row = await findWaiting(deps.store.read, person, typed, now);
  if (row.device_id !== null && decision === 'approve' && person.via !== 'session') throw new Fault('session_required');
  const set =
    decision === 'approve'
      ? { state: 'approved', owner_id: person.id, authenticated_at: person.authenticatedAt }
      : { state: 'denied' };
  try {
    await deps.store.commit({
      changes: [updateOne('device_codes', { hash: row.hash, state: 'pending', expires_at: { gt: now } }, set)],
      audit: [
        {
          at: now,
          type: 'device-code.decided',
          outcome: 'success',
          actor: { kind: 'person', id: person.id },
          // The hash of a secret of 256 bits: it names the code and opens nothing.
          subject: { kind: 'device-code', id: row.hash },
          data: {
            decision,
            remoteAddress: row.remote_address,
            ...(row.device_id === null ? {} : { device: row.device_id, resource: row.resource }),
          },
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('user_code_invalid');
    throw error;
  }
}

async function findWaiting(read: Kysely<Database>, person: PersonCaller, typed: string, now: Instant) {
  const userCode = readUserCode(typed);
  if (userCode === undefined) throw new Fault('user_code_invalid');
  const row = await read
    .selectFrom('device_codes')
    .leftJoin('devices', 'devices.id', 'device_codes.device_id')
    .selectAll('device_codes')
    .select(['devices.name as enrolled_name', 'devices.owner_id as enrolled_owner'])
    .where('device_codes.user_code', '=', userCode)
    .where('device_codes.state', '=', 'pending')
    .where('device_codes.expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('user_code_invalid');
  // RFC 8628 section 5.4: who sends a code along hopes that somebody else answers it.
  if (row.device_id !== null && row.enrolled_owner !== person.id) throw new Fault('user_code_not_yours');
  return row;
}
