import { z } from 'zod';
import { humanLine } from '../text.ts';

const checkId = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/);

/** An absolute path on any of the systems. Never a pattern: a policy names exactly what is looked at. */
export const targetPathSchema = humanLine({ max: 512 }).refine(
  (path) => /^(?:\/|[A-Za-z]:\\)/.test(path) && !/(?:^|[\\/])\.\.?(?:[\\/]|$)/.test(path) && !/[*?]/.test(path),
  'must be an absolute path without .. or wildcards',
);

/**
 * What a device is asked to collect: what its policies use and nothing else. The backend works it out and sends it with
 * each verdict; the person can see it (`postern-agent status`).
 */
export const collectionPlanSchema = z
  .strictObject({
    /** Ids of checks, in the order of the catalogue. An agent skips those that it does not know. */
    checks: z.array(checkId).max(128),
    /** For checks that look at what a policy names: by id of the check, the paths. */
    targets: z.record(checkId, z.array(targetPathSchema).max(64)),
    /** How often at least, in seconds, a reading must be taken anew before it is sent. */
    maxReadingAgeSeconds: z.int().min(1).max(86_400),
    /** base64url. Given: hardware identifiers are sent as HMAC-SHA-256 under it (`keyed`). Null: as they are. */
    identifierKey: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/)
      .nullable(),
  })
  .meta({ id: 'CollectionPlan', description: 'What a device is asked to collect: what its policies use' });

export type CollectionPlan = z.infer<typeof collectionPlanSchema>;
