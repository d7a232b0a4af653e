import { keyProtections, ownerships } from '@postern/shared/protocol/enrollment';
import { resourceTiers } from '@postern/shared/protocol/resource';
import { platforms } from '@postern/shared/checks/define';
import { z } from 'zod';

/** What the variables of expressions have, beside `value`. A member that they do not have would be unknown for ever. */
export const contextShapes = {
  platform: z.enum(platforms),
  device: z.object({
    platform: z.enum(platforms),
    /** Left out where nobody has said: what depends on it cannot be evaluated. */
    ownership: z.enum(ownerships).exclude(['unknown']),
    keyProtection: z.enum(keyProtections),
  }),
  person: z.object({ email: z.string(), groups: z.array(z.string()) }),
  resource: z.object({
    name: z.string(),
    /** Left out where it was given none. */
    tier: z.enum(resourceTiers),
  }),
} satisfies Record<string, z.ZodType>;

export const releaseShape = z.object({
  known: z.boolean(),
  rolling: z.boolean(),
  supportEndsOn: z.string().nullable(),
  latest: z.string().nullable(),
  upToDate: z.boolean().nullable(),
  behindSince: z.string().nullable(),
});
