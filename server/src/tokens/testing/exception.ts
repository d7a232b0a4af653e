import { day, type Instant, minute } from '@postern/shared/time';
import { insert } from '../../storage/change.ts';
import type { FakeDevice } from './fake-device.ts';
import { ownerId, policy, start, type TokenService } from './token-service.ts';

export const exceptionId = `exc_${'c'.repeat(32)}`;

/** Stores an approved exception from the firewall rule, for a device whose firewall is off. */
export async function approveException({ store }: TokenService, device: FakeDevice, expiresAt: Instant): Promise<void> {
  const observed = {
    ruleHash: policy.rules[0]?.hash,
    policyVersion: 1,
    outcome: 'fail',
    value: { enabled: false, provider: 'nftables' },
  };
  const row = insert('exceptions', {
    id: exceptionId,
    kind: 'device',
    state: 'active',
    person_id: ownerId,
    requested_by: ownerId,
    device_id: device.id,
    jkt: device.jkt,
    rules: '["baseline/firewall"]',
    resources: '[]',
    observed: JSON.stringify({ 'baseline/firewall': observed }),
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
  });
  await store.commit({ audit: [], changes: [row] });
}
