import { z } from 'zod';
import { timestampSchema } from '../time.ts';

/** What may need somebody, the most pressing first. */
export const needKinds = [
  /** The log contradicts what was signed of it, or nothing has been signed for too long. */
  'audit-unsigned',
  /** No key signs access tokens. */
  'keys',
  'emergencies',
  'requests',
  'reviews-overdue',
  'reviews',
  'quarantined',
  'pending-devices',
  'drafts',
  'templates',
  'brakes',
  'streams',
  'webhooks',
  'abuse',
] as const;
export type NeedKind = (typeof needKinds)[number];

/** How devices stand, each in one of them. Retired ones are in none. */
export const fleetParts = [
  'compliant',
  'excepted',
  'grace',
  'non-compliant',
  'stale',
  'never-attested',
  'quarantined',
  'suspended',
  /** Waits for an admin. */
  'pending',
  /** Not looked at since their posture is kept: minutes after an upgrade at most. */
  'unknown',
] as const;
export type FleetPart = (typeof fleetParts)[number];

const count = z.int().min(0);
const countsSchema = z.record(z.enum(fleetParts), count);
export type FleetCounts = z.output<typeof countsSchema>;

const needSchema = z.strictObject({
  kind: z.enum(needKinds),
  count: z.int().min(1),
  /** There are more than were counted. */
  isMore: z.boolean(),
  /** Whether the caller can do something about it; else it is for somebody else, and good to know. */
  isMine: z.boolean(),
  /** Since when, by the oldest of them. */
  since: timestampSchema.nullable(),
  /** By when, by the most urgent of them. */
  by: timestampSchema.nullable(),
});
export type Need = z.output<typeof needSchema>;

export const overviewSchema = z
  .strictObject({
    at: timestampSchema,
    /** Empty: nothing needs anybody. */
    needs: z.array(needSchema),
    fleet: z.strictObject({
      total: count,
      counts: countsSchema,
      /** In a large fleet a little before `at`: it is counted once for all who look. */
      countedAt: timestampSchema,
    }),
    /** One a day, oldest first; a day that nobody counted is left out. The last one is today so far. */
    trend: z.array(z.strictObject({ day: z.iso.date(), counts: z.partialRecord(z.enum(fleetParts), count) })),
  })
  .meta({ id: 'Overview' });
export type Overview = z.output<typeof overviewSchema>;
