import { z } from 'zod';
import { timestampSchema } from '../time.ts';

/** Reports on how exceptions are used, and misused. What each says and when it is flagged: docs/abuse-analytics.md. */
export const reportNames = [
  'exception-rate',
  'outstanding',
  'expiring',
  'unused',
  'repeat-requesters',
  'renewal-chains',
  'exception-debt',
  'approvers',
  'reciprocal-pairs',
  'emergencies',
  'overdue-reviews',
  'time-to-approve',
  'lapsed',
  'same-justification',
  'off-hours',
  'always-longest',
  'outside-scope',
] as const;
export type ReportName = (typeof reportNames)[number];

/** What a row is about. The name of a rule, template or resource is what it goes by; that of the others, people gave. */
export const aboutKinds = ['person', 'device', 'exception', 'rule', 'template', 'resource', 'review'] as const;
const aboutSchema = z.strictObject({ kind: z.enum(aboutKinds), id: z.string(), name: z.string() });

/** Numbers and times of a row, by name. Ratios are percent, durations are in seconds, times RFC 3339. */
const valuesSchema = z.record(z.string(), z.union([z.number(), z.string(), z.null()]));

const rowSchema = z.strictObject({
  subject: z.string(),
  about: z.array(aboutSchema),
  values: valuesSchema,
  flagged: z.boolean(),
  sentence: z.string(),
});

export const analyticsReportSchema = z
  .strictObject({
    report: z.enum(reportNames),
    title: z.string(),
    /** How far back it looks, where it looks back. */
    days: z.int(),
    /** When it was counted. Where there is much to count, once for all who look. */
    at: timestampSchema,
    /** When a row is flagged. */
    threshold: z.string(),
    /** Whether any row is, listed or not. */
    flagged: z.boolean(),
    sentence: z.string(),
    /** Flagged ones first. */
    rows: z.array(rowSchema),
    /** How many there are, listed or not. */
    total: z.int(),
  })
  .meta({ id: 'AnalyticsReport' });
export type AnalyticsReport = z.output<typeof analyticsReportSchema>;

export const analyticsSchema = z
  .strictObject({ at: timestampSchema, days: z.int(), reports: z.array(analyticsReportSchema) })
  .meta({ id: 'Analytics' });

export const analyticsQuerySchema = z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(30) });

/** Something that is over a threshold, or was. */
export const abuseFlagSchema = z
  .strictObject({
    kind: z.enum(reportNames),
    subject: z.string(),
    about: z.array(aboutSchema),
    values: valuesSchema,
    sentence: z.string(),
    openedAt: timestampSchema,
    /** When it was last found so. */
    seenAt: timestampSchema,
    closedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'AbuseFlag' });
