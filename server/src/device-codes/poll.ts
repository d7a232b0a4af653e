import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { updateAny } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';

/** A code that a person approved. */
type ApprovedCode = Database['device_codes'] & { owner_id: string };

/** RFC 8628 section 3.5: each slow_down makes the interval longer by 5 seconds. */
const slowerBySeconds = 5;

/**
 * One question of a device whether its code was approved (RFC 8628 section 3.5). An approved code is as it was until it is
 * used up: see the callers.
 *
 * @param deviceId of the enrolled device that asks; null: a new one. A code of the one kind is none of the other
 * @throws Fault authorization_pending, slow_down, code_denied, code_expired
 */
export async function pollDeviceCode(
  { store }: Pick<Deps, 'store'>,
  { deviceCode, deviceId }: { deviceCode: string; deviceId: string | null },
  now: Instant,
): Promise<ApprovedCode> {
  const hash = sha256(deviceCode);
  const row = await store.read.selectFrom('device_codes').selectAll().where('hash', '=', hash).executeTakeFirst();
  // Unknown, or another's, reads as expired: expired ones are removed after a while, and nobody learns which codes there were.
  if (row === undefined || row.device_id !== deviceId || row.expires_at <= now || row.state === 'used')
    throw new Fault('code_expired');
  if (row.state === 'denied') throw new Fault('code_denied');
  if (row.state === 'approved' && row.owner_id !== null) return { ...row, owner_id: row.owner_id };

  const isTooSoon = row.polled_at !== null && now - row.polled_at < row.interval_seconds * second;
  const interval_seconds = row.interval_seconds + (isTooSoon ? slowerBySeconds : 0);
  await store.commit({
    changes: [updateAny('device_codes', { hash, state: 'pending' }, { polled_at: now, interval_seconds })],
    audit: [],
  });
  throw new Fault(isTooSoon ? 'slow_down' : 'authorization_pending', { members: { interval: interval_seconds } });
}
