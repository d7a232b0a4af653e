import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { deviceStates, keyProtections, ownerships } from './enrollment.ts';
import { readingSchema } from './reading.ts';
import { ruleOutcomes, ruleStandings, verdictStatuses } from './verdict.ts';

/** How a device stands, also where there is no verdict. */
export const fleetStatuses = [...verdictStatuses, 'never-attested'] as const;
export type FleetStatus = (typeof fleetStatuses)[number];

export const quarantineAnswers = ['yes', 'no'] as const;

/** What devices are counted by, each with the answers that there are. */
export const facetValues = {
  state: deviceStates,
  status: fleetStatuses,
  platform: platforms,
  keyProtection: keyProtections,
  ownership: ownerships,
  quarantine: quarantineAnswers,
} as const;
export type Facet = keyof typeof facetValues;

/** What devices are narrowed by, in lists and in counts. */
export const facetFilterSchema = z.strictObject({
  state: z.enum(deviceStates).optional(),
  status: z.enum(fleetStatuses).optional(),
  platform: z.enum(platforms).optional(),
  keyProtection: z.enum(keyProtections).optional(),
  ownership: z.enum(ownerships).optional(),
  quarantine: z.enum(quarantineAnswers).optional(),
  owner: idSchema('user').optional(),
});
export type FacetFilter = z.output<typeof facetFilterSchema>;

const count = z.int().nonnegative();

/** `GET /v1/admin/devices/facets`: how many each answer would leave, with the other filters as they are. */
export const deviceFacetsSchema = z
  .strictObject({
    /** Devices that all filters leave. */
    total: count,
    facets: z.strictObject({
      state: z.record(z.enum(deviceStates), count),
      status: z.record(z.enum(fleetStatuses), count),
      platform: z.record(z.enum(platforms), count),
      keyProtection: z.record(z.enum(keyProtections), count),
      ownership: z.record(z.enum(ownerships), count),
      quarantine: z.record(z.enum(quarantineAnswers), count),
    }),
    /** Devices that were not looked at since their status is kept: they are in no count of a status yet. */
    notLookedAt: count,
    countedAt: timestampSchema,
  })
  .meta({ id: 'DeviceFacets' });
export type DeviceFacets = z.output<typeof deviceFacetsSchema>;

const standingSchema = z.strictObject({ outcome: z.enum(ruleOutcomes), standing: z.enum(ruleStandings) });

/** What one report changed. */
export const deviceHistoryItemSchema = z
  .strictObject({
    /** Of the report. */
    seq: z.int(),
    at: timestampSchema,
    /** The verdict, where it was another than before; null: it was not, only readings changed. */
    verdict: z
      .strictObject({
        from: z.enum(verdictStatuses).nullable(),
        to: z.enum(verdictStatuses),
        policies: z.array(z.strictObject({ name: z.string(), version: z.int() })),
        /** Rules that stand otherwise than before. Null: the rule was, or is, not there. */
        rules: z.array(
          z.strictObject({
            /** `policy/rule` */
            rule: z.string(),
            from: standingSchema.nullable(),
            to: standingSchema.nullable(),
          }),
        ),
      })
      .nullable(),
    /**
     * Checks that read otherwise than in the report kept before it. Null: its signed text is not kept any more, or the one
     * before it is not.
     */
    checks: z
      .array(
        z.strictObject({
          check: z.string(),
          title: z.string(),
          from: readingSchema.nullable(),
          to: readingSchema.nullable(),
        }),
      )
      .nullable(),
  })
  .meta({ id: 'DeviceHistoryItem' });
export type DeviceHistoryItem = z.output<typeof deviceHistoryItemSchema>;

/** `GET /v1/admin/devices/{id}/history`, newest first. Each entry costs two signed texts: few a page. */
export const deviceHistoryQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(20),
  after: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'must be what `next` of the page before said')
    .optional(),
});
