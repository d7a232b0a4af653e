import { own } from '@postern/shared/own';
import type { NoticeType } from '@postern/shared/protocol/notice';
import type { AuditEventType } from '../audit/event.ts';

/** What is told to somebody, by the entry of the audit that says it happened. */
const names = {
  'exception.requested': 'exception.requested',
  'exception.edited': 'exception.edited',
  'exception.approval-recorded': 'exception.approval_recorded',
  'exception.approved': 'exception.approved',
  'exception.denied': 'exception.denied',
  'exception.withdrawn': 'exception.withdrawn',
  'exception.lapsed': 'exception.lapsed',
  'exception.begun': 'exception.activated',
  'exception.expiring': 'exception.expiring',
  'exception.expired': 'exception.expired',
  'exception.revoked': 'exception.revoked',
  'exception.relinquished': 'exception.relinquished',
  'exception.resolved': 'exception.resolved',
  'exception.voided': 'exception.voided',
  'exception.superseded': 'exception.extended',
  'emergency.used': 'emergency.used',
  'emergency.ratified': 'emergency.ratified',
  'emergency.repudiated': 'emergency.repudiated',
  'emergency.review-overdue': 'emergency.review_overdue',
  'review.opened': 'review.opened',
  'review.decided': 'review.decided',
  'review.overdue': 'review.overdue',
  'abuse.flagged': 'abuse.flagged',
  'abuse.cleared': 'abuse.cleared',
  'incident.opened': 'incident.opened',
  'incident.closed': 'incident.closed',
  'template.proposed': 'template.proposed',
  'template.published': 'template.published',
  'template.retired': 'template.retired',
  'template.discarded': 'template.discarded',
  'policy.published': 'policy.published',
  'brake.opened': 'brake.opened',
  'device.quarantined': 'device.quarantined',
  'passkey.added': 'account.factor_added',
  'authenticator-app.added': 'account.factor_added',
  'passkey.removed': 'account.factor_removed',
  'authenticator-app.removed': 'account.factor_removed',
  'sign-in-link.created': 'account.credential_made',
  'api-token.created': 'account.credential_made',
  'password.set': 'account.password_changed',
  'password.removed': 'account.password_changed',
  'person.sign-in-locked': 'account.sign_in_locked',
  'webhook.disabled': 'webhook.disabled',
} as const satisfies Partial<Record<AuditEventType, NoticeType>>;

/** Types of entries that somebody is told of. */
export const toldTypes = Object.keys(names) as (keyof typeof names)[];

/** What an entry is called outside; undefined when nobody is told of its kind. */
export function nameOf(type: string): NoticeType | undefined {
  return own<NoticeType>(names, type);
}
