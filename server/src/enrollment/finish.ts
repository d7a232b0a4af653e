import type { Kysely } from 'kysely';
import { type Id, toId } from '@postern/shared/ids';
import type { DeviceState, Enrolled, KeyProviderId } from '@postern/shared/protocol/enrollment';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import { type PublicJwk, publicJwkSchema } from '@postern/shared/protocol/jwk';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readDeviceFacts, subjectOf } from '../devices/index.ts';
import { collectionPlan } from '../policy/index.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { faultOfKeyProof } from './key-proof.ts';
import { keyProtectionOf } from './protection.ts';
import { recordRefusal } from './refusal.ts';

type FinishDeps = Pick<Deps, 'store' | 'random' | 'config' | 'policies' | 'anonymousRefusals'>;

/** A token with many uses is decremented by one device at a time; the others read it again. */
const maxAttempts = 64;

/**
 * Second step of enrolling: the device proves that it holds its key, and becomes a device. Enrollment, token use,
 * device code and device are one unit: whatever another request took meanwhile, this one takes nothing.
 *
 * @throws Fault enrollment_invalid, key_proof_invalid, key_already_enrolled, enrollment_token_invalid, conflict
 */
export async function finishEnrollment(deps: FinishDeps, id: string, proof: string, now: Instant): Promise<Enrolled> {
  const deviceId = toId('device', deps.random.uuid());
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const enrollment = await readEnrollment(deps.store.read, id);
    if (
      !enrollment ||
      enrollment.finished_at !== null ||
      enrollment.expires_at <= now ||
      enrollment.owner_active !== 1
    ) {
      throw new Fault('enrollment_invalid');
    }
    const jwk = publicJwkSchema.parse(JSON.parse(enrollment.jwk));
    if (attempt === 0) await refuseBadProof(deps, enrollment, jwk, proof, now);
    const refused = refusalOf(enrollment);
    if (refused !== undefined)
      throw await recordRefusal(
        deps,
        { code: refused, deviceId: enrollment.known_device, data: { enrollment: id } },
        now,
      );
    const device = deviceOf(enrollment, deviceId, now);
    try {
      await deps.store.commit(enrollmentUnit(enrollment, device, now));
      return await enrolled(deps, enrollment, device);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('conflict');
}

async function readEnrollment(read: Kysely<Database>, id: string) {
  return await read
    .selectFrom('enrollments')
    .innerJoin('users', 'users.id', 'enrollments.owner_id')
    .leftJoin('enrollment_tokens', 'enrollment_tokens.id', 'enrollments.enrollment_token_id')
    .leftJoin('device_codes', 'device_codes.hash', 'enrollments.device_code_hash')
    .leftJoin('devices', 'devices.jkt', 'enrollments.jkt')
    .selectAll('enrollments')
    .select([
      'users.name as owner_name',
      'users.active as owner_active',
      'enrollment_tokens.uses_left',
      'enrollment_tokens.revoked_at as token_revoked_at',
      'device_codes.state as code_state',
      'devices.id as known_device',
    ])
    .where('enrollments.id', '=', id)
    .executeTakeFirst();
}

type Enrollment = NonNullable<Awaited<ReturnType<typeof readEnrollment>>>;

async function refuseBadProof(
  deps: FinishDeps,
  enrollment: Enrollment,
  jwk: PublicJwk,
  proof: string,
  now: Instant,
): Promise<void> {
  const fault = faultOfKeyProof(proof, {
    enrollmentId: enrollment.id,
    challenge: enrollment.challenge,
    issuer: deps.config.issuer,
    jwk,
    jkt: enrollment.jkt,
  });
  if (fault === undefined) return;
  throw await recordRefusal(
    deps,
    { code: 'key_proof_invalid', deviceId: null, data: { enrollment: enrollment.id, at: fault } },
    now,
  );
}

/** What became of the permission since the first step. That it was in time was decided there. */
function refusalOf(enrollment: Enrollment): ErrorCode | undefined {
  if (enrollment.known_device !== null) return 'key_already_enrolled';
  if (enrollment.enrollment_token_id !== null) {
    const isGood = enrollment.token_revoked_at === null && (enrollment.uses_left ?? 0) > 0;
    return isGood ? undefined : 'enrollment_token_invalid';
  }
  return enrollment.code_state === 'approved' ? undefined : 'code_expired';
}

function deviceOf(enrollment: Enrollment, id: Id<'device'>, now: Instant): Database['devices'] {
  return {
    id,
    owner_id: enrollment.owner_id,
    name: enrollment.name,
    platform: enrollment.platform,
    agent_version: enrollment.agent_version,
    state: enrollment.pending === 1 ? 'pending' : 'active',
    jwk: enrollment.jwk,
    jkt: enrollment.jkt,
    key_provider: enrollment.provider,
    key_protection: keyProtectionOf(enrollment.provider as KeyProviderId),
    quarantine_cause: null,
    quarantined_at: null,
    enrolled_at: now,
    exception_epoch: 0,
    ownership: enrollment.ownership,
  };
}

function enrollmentUnit(enrollment: Enrollment, device: Database['devices'], now: Instant): Unit {
  return {
    changes: [
      updateOne('enrollments', { id: enrollment.id, finished_at: null }, { finished_at: now }),
      permissionUsed(enrollment),
      insert('devices', device),
    ],
    audit: [
      {
        at: now,
        type: 'device.enrolled',
        outcome: 'success',
        actor: { kind: 'device', id: device.id },
        subject: { kind: 'device', id: device.id },
        data: {
          owner: device.owner_id,
          state: device.state,
          jkt: device.jkt,
          keyProvider: device.key_provider,
          keyProtection: device.key_protection,
          evidence: 'claim',
          enrollmentToken: enrollment.enrollment_token_id,
          deviceCode: enrollment.device_code_hash,
        },
      },
    ],
  };
}

function permissionUsed(enrollment: Enrollment): Change {
  const { enrollment_token_id: tokenId, device_code_hash: hash } = enrollment;
  if (tokenId === null) return updateOne('device_codes', { hash: hash ?? '', state: 'approved' }, { state: 'used' });
  const left = enrollment.uses_left ?? 0;
  return updateOne('enrollment_tokens', { id: tokenId, uses_left: left, revoked_at: null }, { uses_left: left - 1 });
}

async function enrolled(
  { store, policies, config }: FinishDeps,
  enrollment: Enrollment,
  device: Database['devices'],
): Promise<Enrolled> {
  const id = device.id as Id<'device'>;
  const facts = await readDeviceFacts(store.read, { id });
  if (facts === undefined) throw new Fault('enrollment_invalid');
  const rulebook = await policies.at(facts.policyEpoch);
  return {
    deviceId: id,
    clientId: id,
    state: device.state as DeviceState,
    keyThumbprint: device.jkt,
    keyProtection: keyProtectionOf(device.key_provider as KeyProviderId),
    owner: { id: enrollment.owner_id as Id<'user'>, name: enrollment.owner_name },
    issuer: config.issuer,
    attestEverySeconds: Math.floor(config.attestEveryMs / second),
    collect: collectionPlan(rulebook, subjectOf(facts), config),
  };
}
