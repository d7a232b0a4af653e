import type { Kysely } from 'kysely';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { insert, updateAny, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { makeUserCode, readUserCode } from './user-code.ts';

type CodeRow = Database['device_codes'];

const codeLifeMs = 10 * minute;
const firstIntervalSeconds = 5;
/** RFC 8628 section 3.5: each slow_down makes the interval longer by 5 seconds. */
const slowerBySeconds = 5;

/** Starts the device flow (RFC 8628 section 3.2). */
export async function authorizeDevice(
  deps: Pick<Deps, 'store' | 'random' | 'config'>,
  asked: { deviceName: string | null; remoteAddress: string },
  now: Instant,
) {
  const deviceCode = deps.random.secret();
  const row: CodeRow = {
    hash: sha256(deviceCode),
    user_code: '',
    device_name: asked.deviceName,
    remote_address: asked.remoteAddress,
    state: 'pending',
    owner_id: null,
    device_id: null,
    resource: null,
    interval_seconds: firstIntervalSeconds,
    polled_at: null,
    created_at: now,
    expires_at: now + codeLifeMs,
  };
  const userCode = await storeUnderFreeCode(deps, row);
  const page = `${deps.config.issuer}/console/device`;
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: codeLifeMs / second,
    interval: firstIntervalSeconds,
  };
}

/** No two that wait have the same user code: the database says so, and another code is drawn. */
async function storeUnderFreeCode(deps: Pick<Deps, 'store' | 'random'>, row: CodeRow): Promise<string> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const userCode = makeUserCode(deps.random);
    try {
      await deps.store.commit({ changes: [insert('device_codes', { ...row, user_code: userCode })], audit: [] });
      return userCode;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('unavailable');
}

/**
 * One question of a device whether its code was approved (RFC 8628 section 3.5).
 *
 * @returns the code's row once a person approved it
 * @throws Fault authorization_pending, slow_down, code_denied, code_expired
 */
export async function pollDeviceCode(
  deps: Pick<Deps, 'store'>,
  deviceCode: string,
  now: Instant,
): Promise<CodeRow & { owner_id: string }> {
  const hash = sha256(deviceCode);
  const row = await deps.store.read.selectFrom('device_codes').selectAll().where('hash', '=', hash).executeTakeFirst();
  // Unknown reads as expired: expired ones are removed after a while, and nobody learns which codes there were.
  if (row === undefined || row.expires_at <= now || row.state === 'used') throw new Fault('code_expired');
  if (row.state === 'denied') throw new Fault('code_denied');
  if (row.state === 'approved' && row.owner_id !== null) return { ...row, owner_id: row.owner_id };

  const isTooSoon = row.polled_at !== null && now - row.polled_at < row.interval_seconds * second;
  const interval_seconds = row.interval_seconds + (isTooSoon ? slowerBySeconds : 0);
  await deps.store.commit({
    changes: [updateAny('device_codes', { hash, state: 'pending' }, { polled_at: now, interval_seconds })],
    audit: [],
  });
  throw new Fault(isTooSoon ? 'slow_down' : 'authorization_pending', { members: { interval: interval_seconds } });
}

/** What waits under a user code. Throws user_code_invalid, whether the code never was, is decided or too old. */
export async function waitingDevice(read: Kysely<Database>, typed: string, now: Instant) {
  const row = await findWaiting(read, typed, now);
  return {
    userCode: row.user_code,
    deviceName: row.device_name,
    remoteAddress: row.remote_address,
    requestedAt: toTimestamp(row.created_at),
    expiresAt: toTimestamp(row.expires_at),
  };
}

/** Records what a person decided about a waiting device. Approving makes them its owner. Throws user_code_invalid. */
export async function decideDeviceCode(
  deps: Pick<Deps, 'store'>,
  person: PersonCaller,
  decided: { typed: string; decision: 'approve' | 'deny' },
  now: Instant,
): Promise<void> {
  const row = await findWaiting(deps.store.read, decided.typed, now);
  const set = decided.decision === 'approve' ? { state: 'approved', owner_id: person.id } : { state: 'denied' };
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
          data: { decision: decided.decision, remoteAddress: row.remote_address },
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('user_code_invalid');
    throw error;
  }
}

async function findWaiting(read: Kysely<Database>, typed: string, now: Instant): Promise<CodeRow> {
  const userCode = readUserCode(typed);
  const row =
    userCode === undefined
      ? undefined
      : await read
          .selectFrom('device_codes')
          .selectAll()
          .where('user_code', '=', userCode)
          .where('state', '=', 'pending')
          .where('expires_at', '>', now)
          .executeTakeFirst();
  if (row === undefined) throw new Fault('user_code_invalid');
  return row;
}
