import type { Json } from '@postern/shared/canonical';
import type { Instant } from '@postern/shared/time';

/** Everything that is recorded, as one closed union. `refused` events carry the error code in data.code. */
export const auditEventTypes = [
  'server.initialised',
  'user.created',
  'user.changed',
  'sign-in-link.created',
  'person.signed-in',
  'person.sign-in-refused',
  'person.signed-out',
  'person.sign-in-locked',
  'person.sessions-ended',
  'password.set',
  'password.removed',
  'identity.linked',
  'api-token.created',
  'api-token.revoked',
  'gateway.created',
  'gateway.removed',
  'gateway.refused',
  'resource.classified',
  'resource.access-changed',
  'enrollment-token.created',
  'enrollment-token.revoked',
  'device-code.decided',
  'sign-in-token.created',
  'device.enrolled',
  'device.enrollment-refused',
  'device.admitted',
  'device.suspended',
  'device.resumed',
  'device.retired',
  'device.quarantined',
  'device.released',
  'device.ownership-changed',
  'attestation.refused',
  'verdict.changed',
  'policy.drafted',
  'policy.draft-edited',
  'policy.draft-submitted',
  'policy.draft-discarded',
  'policy.published',
  'policy.replayed',
  'policy.retired',
  'policy.approval-refused',
  'feed.imported',
  'feed.refused',
  'brake.opened',
  'brake.held',
  'brake.extended',
  'brake.released',
  'brake.expired',
  'exception.requested',
  'exception.edited',
  'exception.approval-recorded',
  'exception.approved',
  'exception.denied',
  'exception.decision-refused',
  'exception.withdrawn',
  'exception.lapsed',
  'exception.expired',
  'exception.revoked',
  'exception.relinquished',
  'exception.resolved',
  'exception.superseded',
  'exception.voided',
  'exception.begun',
  'exception.expiring',
  'emergency.used',
  'emergency.ratified',
  'emergency.repudiated',
  'emergency.review-overdue',
  'review.opened',
  'review.decided',
  'review.overdue',
  'abuse.flagged',
  'abuse.cleared',
  'incident.opened',
  'incident.closed',
  'template.proposed',
  'template.published',
  'template.retired',
  'template.discarded',
  'template.approval-refused',
  'passkey.added',
  'passkey.removed',
  'authenticator-app.added',
  'authenticator-app.removed',
  'step-up.passed',
  'step-up.refused',
  'webhook.created',
  'webhook.changed',
  'webhook.tested',
  'webhook.removed',
  'webhook.disabled',
  'webhook.secret-rotated',
  'stream.created',
  'stream.changed',
  'stream.tested',
  'stream.removed',
  'stream.disabled',
  'delivery.failed',
  'delivery.replayed',
  'audit.read',
  'audit.exported',
  'audit.text-erased',
  'token.issued',
  'token.refused',
  'token.revoked',
  'proof.refused',
  'signing-key.rotated',
  'backup.restored',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

export interface Actor {
  kind: 'person' | 'device' | 'gateway' | 'system' | 'anonymous';
  id: string | null;
}

/** What is to be recorded. The writer gives it its place in the chain. */
export interface AuditEvent {
  at: Instant;
  type: AuditEventType;
  outcome: 'success' | 'failure';
  actor: Actor;
  subject: { kind: string; id: string } | null;
  /** Facts for search and proof. No personal text, no secrets. */
  data: { [name: string]: Json };
  /** What a person wrote (a justification, a reason). Kept beside the chain, salted, erasable. */
  text?: string;
}

export const systemActor: Actor = { kind: 'system', id: null };
