import { z } from 'zod';
import { timestampSchema } from '../time.ts';
import { deviceSummarySchema } from './admin.ts';
import { collectionPlanSchema } from './collection-plan.ts';
import { exceptionSchema, ruleReferenceSchema } from './exception.ts';
import { readingSchema } from './reading.ts';
import { verdictSchema } from './verdict.ts';

/** `GET /v1/me/devices`: a device as its person sees it, with the rules that stand in its way or are about to. */
export const myDeviceSchema = deviceSummarySchema
  .extend({ failing: z.array(z.strictObject({ rule: ruleReferenceSchema, title: z.string(), check: z.string() })) })
  .meta({ id: 'MyDevice' });
export type MyDevice = z.infer<typeof myDeviceSchema>;

/** What is looked at on a device: what people call it, and why it is looked at. */
const lookedAt = { check: z.string(), title: z.string(), about: z.string() };

/** `GET /v1/me/devices/{id}`: all that is known of a device, to its person. */
export const myDeviceDetailSchema = myDeviceSchema
  .extend({
    verdict: verdictSchema.nullable(),
    /** The last report that was accepted. */
    report: z.strictObject({ seq: z.int(), receivedAt: timestampSchema }).nullable(),
    /** How often it is asked to report at least. */
    reportsEverySeconds: z.int(),
    exceptions: z.array(exceptionSchema),
    /** Exactly what is stored of what it sent last; null where it never did. */
    sent: z.array(z.strictObject({ ...lookedAt, reading: readingSchema })).nullable(),
    /** What it is asked to collect, and which paths where a policy names some. */
    collect: z.strictObject({
      checks: z.array(z.strictObject({ ...lookedAt, paths: z.array(z.string()) })),
      maxReadingAgeSeconds: collectionPlanSchema.shape.maxReadingAgeSeconds,
      /** Hardware identifiers are sent as keyed hashes. */
      identifiersKeyed: z.boolean(),
    }),
  })
  .meta({ id: 'MyDeviceDetail' });
export type MyDeviceDetail = z.infer<typeof myDeviceDetailSchema>;
