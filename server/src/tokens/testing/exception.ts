import { day, hour, type Instant, minute } from '@postern/shared/time';
import { insert } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { FakeDevice } from './fake-device.ts';
import { ownerId, policy, resource, start, type TokenService } from './token-service.ts';

export const exceptionId = `exc_${'c'.repeat(32)}`;

/** Stores an approved exception from the firewall rule, for a device whose firewall is off. */
export async function approveException({ store }: TokenService, device: FakeDevice, expiresAt: Instant): Promise<void> {
  const observed = {
    ruleHash: policy.rules[0]?.hash,
    policyVersion: 1,
    outcome: 'fail',
    value: { enabled: false, provider: 'nftables' },
  };
  await store.commit({
    audit: [],
    changes: [
      insert('exceptions', {
        ...rowOf(device, expiresAt),
        observed: JSON.stringify({ 'baseline/firewall': observed }),
      }),
    ],
  });
}

export const grantId = `exc_${'d'.repeat(32)}`;

/** Stores temporary access to the resource as an operator for an hour, in force now or as it is changed. */
export async function grantAccess(
  { store, access }: TokenService,
  device: FakeDevice,
  change: Partial<Database['exceptions']> = {},
): Promise<void> {
  access.set(resource, { roles: ['operator', 'reader'], templates: ['temporary-access'] });
  const own = { id: grantId, kind: 'access', role: 'operator', rules: '[]', resources: JSON.stringify([resource]) };
  const row = { ...rowOf(device, start + hour), ...own, duration_ms: hour, begins_at: start, ...change };
  await store.commit({ audit: [], changes: [insert('exceptions', row)] });
}

function rowOf(device: FakeDevice, expiresAt: Instant): Database['exceptions'] {
  return {
    id: exceptionId,
    kind: 'device',
    state: 'active',
    person_id: ownerId,
    requested_by: ownerId,
    device_id: device.id,
    jkt: device.jkt,
    rules: '["baseline/firewall"]',
    resources: '[]',
    observed: '{}',
    duration_ms: day,
    justification: 'needed for a demonstration',
    ticket: null,
    request_hash: 'x',
    approvals_needed: 1,
    extends_id: null,
    requested_at: start - minute,
    lapses_at: start + day,
    approved_at: start - minute,
    expires_at: expiresAt,
    ended_at: null,
    ended_by: null,
    ended_reason: null,
    version: 1,
    role: null,
    template: null,
    template_version: null,
    reason_code: null,
    set_id: null,
    emergency: 0,
    starts_at: null,
    begins_at: start - minute,
    plan: '{}',
    requested_authn: null,
    reminded_ms: null,
  };
}
