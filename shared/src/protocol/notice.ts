import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';

/** What happened, as it is named to people and programs outside. */
export const noticeTypes = [
  'exception.requested',
  'exception.edited',
  'exception.approval_recorded',
  'exception.approved',
  'exception.denied',
  'exception.withdrawn',
  'exception.lapsed',
  'exception.activated',
  'exception.expiring',
  'exception.expired',
  'exception.revoked',
  'exception.relinquished',
  'exception.resolved',
  'exception.voided',
  'exception.extended',
  'emergency.used',
  'emergency.ratified',
  'emergency.repudiated',
  'emergency.review_overdue',
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
  'policy.published',
  'brake.opened',
  'device.quarantined',
  'audit.checkpoint',
  'account.factor_added',
  'account.factor_removed',
  'account.credential_made',
  'account.password_changed',
  'account.sign_in_locked',
  'webhook.disabled',
  'webhook.test',
  'digest.daily',
  'digest.weekly',
] as const;
export type NoticeType = (typeof noticeTypes)[number];

/** One fact of a notice. Both are plain text, and what people and devices wrote is in the values: escape it. */
const factSchema = z.strictObject({ label: z.string(), value: z.string() });

/** What a person is told in the console and by their agent. */
export const noticeSchema = z
  .strictObject({
    id: idSchema('notice'),
    type: z.enum(noticeTypes),
    at: timestampSchema,
    /** One sentence. */
    title: z.string(),
    facts: z.array(factSchema),
    /** What somebody wrote about it. */
    text: z.string().nullable(),
    /** Exception, device or whatever else it is about. */
    subject: z.string().nullable(),
    readAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Notice', description: 'What a person is told. All of it is plain text.' });
export type NoticeView = z.output<typeof noticeSchema>;

/** How many a person has not read; counted up to a hundred. */
export const unreadNoticesSchema = z.strictObject({ count: z.int().min(0).max(100) }).meta({ id: 'UnreadNotices' });

/** Marks notices as read; those that are not the caller's, or are read, stay as they are. */
export const noticesReadSchema = z
  .strictObject({ ids: z.array(idSchema('notice')).min(1).max(500) })
  .meta({ id: 'NoticesRead' });

/** What a person wants to hear of, and how. Nobody is ever told as an approver of what they may not decide. */
export const notifyPreferencesSchema = z
  .strictObject({
    /** Mail at all; notices in the console stay. */
    email: z.boolean().default(true),
    /** Of requests that wait for approvers. Off: they may approve, and are not asked. */
    approvals: z.boolean().default(true),
    /** Once a day what waits, and once a week the figures, to whom it concerns. */
    digest: z.boolean().default(true),
  })
  .meta({ id: 'NotifyPreferences' });
export type NotifyPreferences = z.output<typeof notifyPreferencesSchema>;

/** The code of a link in a mail to an approver, and why they say no. */
export const denyLinkSchema = z
  .strictObject({
    code: z.string().regex(/^[\w-]{1,1024}\.[\w-]{43}$/, 'must be the code of the link'),
    reason: humanText({ max: 1000 }).optional(),
  })
  .meta({ id: 'DenyLink' });
