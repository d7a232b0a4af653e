import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { deviceStates, keyProtections, keyProviders } from './enrollment.ts';
import { exceptionSchema } from './exception.ts';
import { readingSchema } from './reading.ts';
import { verdictSchema } from './verdict.ts';

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
    /** The last attestation that was accepted: where a device that lost an answer goes on. */
    attestation: z.strictObject({ seq: z.int(), hash: z.string(), receivedAt: timestampSchema }).nullable(),
    verdict: verdictSchema.nullable(),
    exceptions: z.array(exceptionSchema),
    /** Exactly what is stored of what was sent last. */
    sent: z.record(z.string(), readingSchema).nullable(),
  })
  .meta({ id: 'OwnDevice' });
export type OwnDevice = z.infer<typeof ownDeviceSchema>;
