import { z } from 'zod';
import { deviceSummarySchema } from './admin.ts';
import { ruleReferenceSchema } from './exception.ts';

/** `GET /v1/me/devices`: a device as its person sees it, with the rules that stand in its way or are about to. */
export const myDeviceSchema = deviceSummarySchema
  .extend({ failing: z.array(z.strictObject({ rule: ruleReferenceSchema, title: z.string() })) })
  .meta({ id: 'MyDevice' });
export type MyDevice = z.infer<typeof myDeviceSchema>;
