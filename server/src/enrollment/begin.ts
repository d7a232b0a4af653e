import { sha256 } from '@postern/shared/digest';
import { toId } from '@postern/shared/ids';
import type { z } from 'zod';
import type { enrollmentRequestSchema } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import { type Instant, minute, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { pollDeviceCode } from '../device-codes/index.ts';
import { insert } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { thumbprintOfNewKey } from './device-key.ts';
import { recordRefusal } from './refusal.ts';

type BeginDeps = Pick<Deps, 'store' | 'random' | 'config' | 'anonymousRefusals'>;
type EnrollmentRequest = z.output<typeof enrollmentRequestSchema>;
type Permission = Pick<
  Database['enrollments'],
  'owner_id' | 'pending' | 'ownership' | 'enrollment_token_id' | 'device_code_hash'
>;

const enrollmentLifeMs = 10 * minute;

/**
 * First step of enrolling: who vouches for the device, and is its key new? What may be known is told only to who
 * may know it: without a good token or code nobody learns whether a key is enrolled.
 *
 * @throws Fault malformed_request, enrollment_token_invalid, key_already_enrolled, and those of the device flow
 */
export async function beginEnrollment(
  deps: BeginDeps,
  request: EnrollmentRequest,
  remoteAddress: string,
  now: Instant,
) {
  const jkt = thumbprintOfNewKey(request.key);
  const permission = await permissionOf(deps, request, remoteAddress, now);
  await refuseKnownKey(deps, jkt, now);
  const row: Database['enrollments'] = {
    id: toId('enrollment', deps.random.uuid()),
    challenge: deps.random.secret(),
    jwk: JSON.stringify(request.key),
    jkt,
    provider: request.provider,
    name: request.device.name,
    platform: request.device.platform,
    agent_version: request.device.agentVersion,
    ...permission,
    created_at: now,
    expires_at: now + enrollmentLifeMs,
    finished_at: null,
  };
  await deps.store.commit({ changes: [insert('enrollments', row)], audit: [] });
  return { id: row.id, challenge: row.challenge, issuer: deps.config.issuer, expiresAt: toTimestamp(row.expires_at) };
}

async function permissionOf(
  deps: BeginDeps,
  request: EnrollmentRequest,
  remoteAddress: string,
  now: Instant,
): Promise<Permission> {
  if (request.token !== undefined) return await permissionByToken(deps, request.token, remoteAddress, now);
  const code = await pollDeviceCode(deps, { deviceCode: request.device_code ?? '', deviceId: null }, now);
  const pending = deps.config.deviceFlowPending ? 1 : 0;
  return {
    owner_id: code.owner_id,
    pending,
    ownership: 'unknown',
    enrollment_token_id: null,
    device_code_hash: code.hash,
  };
}

/** Only the use of a token that once was good is recorded: guesses must not fill the record. The rate limit is for them. */
async function permissionByToken(
  deps: BeginDeps,
  token: string,
  remoteAddress: string,
  now: Instant,
): Promise<Permission> {
  const row = await deps.store.read
    .selectFrom('enrollment_tokens')
    .innerJoin('users', 'users.id', 'enrollment_tokens.owner_id')
    .selectAll('enrollment_tokens')
    .select('users.active as owner_active')
    .where('hash', '=', sha256(token))
    .executeTakeFirst();
  if (row === undefined) throw new Fault('enrollment_token_invalid');
  const isGood = row.expires_at > now && row.revoked_at === null && row.uses_left > 0 && row.owner_active === 1;
  if (!isGood) {
    throw await recordRefusal(
      deps,
      { code: 'enrollment_token_invalid', deviceId: null, data: { enrollmentToken: row.id, remoteAddress } },
      now,
    );
  }
  return {
    owner_id: row.owner_id,
    pending: row.pending,
    ownership: row.ownership,
    enrollment_token_id: row.id,
    device_code_hash: null,
  };
}

async function refuseKnownKey(deps: BeginDeps, jkt: string, now: Instant): Promise<void> {
  const known = await deps.store.read.selectFrom('devices').select('id').where('jkt', '=', jkt).executeTakeFirst();
  if (known !== undefined)
    throw await recordRefusal(deps, { code: 'key_already_enrolled', deviceId: known.id, data: { jkt } }, now);
}
