import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { durationSchema, timestampSchema } from '../time.ts';
import { pageQuerySchema, pageSchema } from './admin.ts';
import { accessRequestSchema, exceptionRequestSchema, exceptionSchema, exceptionStates } from './exception.ts';
import { resourceTiers } from './resource.ts';
import { stepUpLevels } from './step-up.ts';

/** `POST /v1/me/access`: for one of the person's own devices. */
export const ownAccessRequestSchema = accessRequestSchema
  .extend({ device: idSchema('device') })
  .meta({ id: 'OwnAccessRequest' });

/** A template under which a person may ask for access to a resource. */
export const accessOfferTemplateSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    impact: z.string(),
    /** What people choose from. */
    durations: z.array(durationSchema),
    maxDuration: durationSchema,
    begins: z.enum(['approval', 'first-use']),
    /** In force at once, to be reviewed afterwards; asked for as an emergency. */
    emergency: z.boolean(),
    ticket: z.enum(['required', 'optional', 'none']),
    reasonCodes: z.array(z.strictObject({ code: z.string(), title: z.string() })),
    stepUp: z.enum(stepUpLevels),
  })
  .meta({ id: 'AccessOfferTemplate' });

/** A resource that a person may ask temporary access to. */
export const accessOfferSchema = z
  .strictObject({
    resource: z.string(),
    title: z.string().nullable(),
    tier: z.enum(resourceTiers).nullable(),
    roles: z.array(z.string()),
    templates: z.array(accessOfferTemplateSchema),
  })
  .meta({ id: 'AccessOffer' });
export type AccessOffer = z.infer<typeof accessOfferSchema>;

/** What somebody has, newest first, and what they may ask for. */
export const ownAccessSchema = z
  .strictObject({ items: z.array(exceptionSchema), offers: z.array(accessOfferSchema) })
  .meta({ id: 'OwnAccess' });
export type OwnAccess = z.infer<typeof ownAccessSchema>;

const emergencyTemplate = { template: humanLine({ max: 64 }) };

/** An emergency: rules that are waived, or a resource that opens, at once and for an hour at most. */
export const emergencyRequestSchema = z
  .union([
    exceptionRequestSchema.omit({ startsAt: true }).extend(emergencyTemplate).meta({ id: 'EmergencyException' }),
    accessRequestSchema.omit({ startsAt: true }).extend(emergencyTemplate).meta({ id: 'EmergencyAccess' }),
  ])
  .meta({ id: 'EmergencyRequest' });
export type EmergencyRequest = z.infer<typeof emergencyRequestSchema>;

/** `POST /v1/me/emergency`: on one of the person's own devices. */
export const ownEmergencyRequestSchema = z
  .strictObject({ device: idSchema('device'), request: emergencyRequestSchema })
  .meta({ id: 'OwnEmergencyRequest' });

const personSchema = z.strictObject({ id: idSchema('user'), name: z.string() });

/** One grant in the log: who had access to what, when, for how long, and what was done with it. */
export const accessLogEntrySchema = z
  .strictObject({
    id: idSchema('exception'),
    person: personSchema,
    device: z.strictObject({ id: idSchema('device'), name: z.string() }),
    resource: z.string(),
    role: z.string(),
    template: z.string().nullable(),
    reasonCode: z.string().nullable(),
    ticket: z.string().nullable(),
    justification: z.string(),
    emergency: z.boolean(),
    requestedAt: timestampSchema,
    requestedBy: personSchema,
    approvedAt: timestampSchema,
    /** Empty in an emergency, and where a rule approved it. */
    approvedBy: z.array(personSchema),
    /** The condition of the template that approved it. */
    autoApprovedBy: z.string().nullable(),
    /** Null: it was never begun. */
    begunAt: timestampSchema.nullable(),
    /** When it ends or was to end; of one that was never begun, until when that might have been. */
    expiresAt: timestampSchema,
    /** How it ended, or what it is now. */
    state: z.enum(exceptionStates),
    endedAt: timestampSchema.nullable(),
    /** Null: nobody, its time was over. */
    endedBy: personSchema.nullable(),
    endedReason: z.string().nullable(),
    /** For how long it was in force up to now. */
    secondsInForce: z.int(),
    tokens: z.strictObject({
      count: z.int(),
      first: timestampSchema.nullable(),
      last: timestampSchema.nullable(),
    }),
  })
  .meta({ id: 'AccessLogEntry' });
export type AccessLogEntry = z.infer<typeof accessLogEntrySchema>;

/** `GET /v1/admin/access/log`. From and to: in force, or ready to be begun, at some time in between. */
export const accessLogQuerySchema = pageQuerySchema.extend({
  after: idSchema('exception').optional(),
  person: idSchema('user').optional(),
  resource: z.string().min(1).max(256).optional(),
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
  format: z.enum(['json', 'csv']).default('json'),
});
export const accessLogSchema = pageSchema(accessLogEntrySchema);
