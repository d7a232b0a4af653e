import { z } from 'zod';
import { humanLine } from '../text.ts';

/** How much harm it does when the wrong one gets in, from least to most. */
export const resourceTiers = ['low', 'medium', 'high', 'critical'] as const;
export type ResourceTier = (typeof resourceTiers)[number];

/** One that was given no tier counts as any tier when policies ask for one. */
export const resourceSchema = z
  .strictObject({
    name: z.string(),
    title: z.string().nullable(),
    tier: z.enum(resourceTiers).nullable(),
    /** Whether a gateway protects it now. */
    guarded: z.boolean(),
  })
  .meta({ id: 'Resource' });

/** `PUT /v1/admin/resources`. */
export const newResourceTierSchema = z
  .strictObject({
    name: humanLine({ max: 256 }),
    title: humanLine({ max: 120 }).nullable().default(null),
    tier: z.enum(resourceTiers).nullable(),
  })
  .meta({ id: 'NewResourceTier' });
