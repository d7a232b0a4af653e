import { z } from 'zod';
import { canonicalJson } from '../canonical.ts';
import { humanLine } from '../text.ts';
import { stepUpAnswerSchema } from './step-up.ts';

/** How much harm it does when the wrong one gets in, from least to most. */
export const resourceTiers = ['low', 'medium', 'high', 'critical'] as const;
export type ResourceTier = (typeof resourceTiers)[number];

/** Temporary access that a resource offers. Without it the resource is open to every device that is fit for it. */
export const resourceAccessSchema = z
  .strictObject({
    /** What a person may be there; the token says which. */
    roles: z
      .array(humanLine({ max: 64 }))
      .min(1)
      .max(20),
    /** Templates of kind access under which it may be asked for; the first is taken where none is named. */
    templates: z
      .array(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/))
      .min(1)
      .max(10),
  })
  .meta({ id: 'ResourceAccess' });
export type ResourceAccess = z.infer<typeof resourceAccessSchema>;

/** One that was given no tier counts as any tier when policies ask for one. */
export const resourceSchema = z
  .strictObject({
    name: z.string(),
    title: z.string().nullable(),
    tier: z.enum(resourceTiers).nullable(),
    access: resourceAccessSchema.nullable(),
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
    /** Absent: as it is. Null: the resource is open to every device that is fit for it. */
    access: resourceAccessSchema.nullable().optional(),
    /** Needed where this loosens temporary access: `manage`, `change-resource`, the name as target, and the content. */
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'NewResourceTier' });
export type NewResourceTier = z.output<typeof newResourceTierSchema>;

/** What a proof for a change of a resource is bound to, before it is hashed: tier and access as they are sent. */
export function resourceChangeText({ tier, access }: Pick<NewResourceTier, 'tier' | 'access'>): string {
  return canonicalJson(access === undefined ? { tier } : { tier, access });
}
