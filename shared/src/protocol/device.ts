import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { collectionPlanSchema } from './collection-plan.ts';
import { deviceStates, keyProtections, keyProviders, ownerships } from './enrollment.ts';
import { exceptionSchema } from './exception.ts';
import { readingSchema } from './reading.ts';
import { verdictSchema } from './verdict.ts';

/** How many attestations a device may name when it asks which of them arrived. */
export const mostAsked = 16;

const hash = '[A-Za-z0-9_-]{43}';

/** `GET /v1/device?sent=…`: hashes of attestations that the device signed, with commas between them. */
export const ownDeviceQuerySchema = z.strictObject({
  sent: z
    .string()
    .regex(
      new RegExp(`^${hash}(,${hash}){0,${mostAsked - 1}}$`),
      `must be 1 to ${mostAsked} hashes, with commas between them`,
    )
    .optional(),
});

/** `GET /v1/device`: a device's own state. */
export const ownDeviceSchema = z
  .strictObject({
    id: idSchema('device'),
    name: z.string(),
    state: z.enum(deviceStates),
    quarantined: z.boolean(),
    owner: z.strictObject({ id: idSchema('user'), name: z.string() }),
    keyProvider: z.enum(keyProviders),
    keyProtection: z.enum(keyProtections),
    ownership: z.enum(ownerships),
    /**
     * The last attestation that was accepted: where a device that lost an answer goes on. Its hash is told only to who
     * names it (`sent`), or else a copy of the key could learn how to go on from an attestation that it never saw.
     */
    attestation: z.strictObject({ seq: z.int(), hash: z.string().nullable(), receivedAt: timestampSchema }).nullable(),
    verdict: verdictSchema.nullable(),
    exceptions: z.array(exceptionSchema),
    /** Exactly what is stored of what was sent last. */
    sent: z.record(z.string(), readingSchema).nullable(),
    /** What it is asked to collect. */
    collect: collectionPlanSchema,
  })
  .meta({ id: 'OwnDevice' });
export type OwnDevice = z.infer<typeof ownDeviceSchema>;
