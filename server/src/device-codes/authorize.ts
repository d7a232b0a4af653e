import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { insert } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { makeUserCode } from './user-code.ts';

const codeLifeMs = 10 * minute;
const firstIntervalSeconds = 5;

interface Asked {
  /** What the device calls itself. */
  deviceName: string | null;
  remoteAddress: string;
  /** What an enrolled device wants a person for; null: a new device, to be enrolled. */
  signIn: { deviceId: string; resource: string } | null;
}

/**
 * Starts the device flow (RFC 8628 section 3.2).
 *
 * @param commit writes the code, and with it what the device showed; a ConflictError of it is one of the code
 */
export async function authorizeDevice(
  deps: Pick<Deps, 'store' | 'random' | 'config'>,
  { deviceName, remoteAddress, signIn }: Asked,
  now: Instant,
  commit: (unit: Unit) => Promise<void> = (unit) => deps.store.commit(unit),
) {
  const deviceCode = deps.random.secret();
  const userCode = await storeUnderFreeCode(deps, commit, {
    hash: sha256(deviceCode),
    user_code: '',
    device_name: deviceName,
    remote_address: remoteAddress,
    state: 'pending',
    owner_id: null,
    device_id: signIn?.deviceId ?? null,
    resource: signIn?.resource ?? null,
    authenticated_at: null,
    interval_seconds: firstIntervalSeconds,
    polled_at: null,
    created_at: now,
    expires_at: now + codeLifeMs,
  });
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
async function storeUnderFreeCode(
  { random }: Pick<Deps, 'random'>,
  commit: (unit: Unit) => Promise<void>,
  row: Database['device_codes'],
): Promise<string> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const userCode = makeUserCode(random);
    try {
      await commit({ changes: [insert('device_codes', { ...row, user_code: userCode })], audit: [] });
      return userCode;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('unavailable');
}
