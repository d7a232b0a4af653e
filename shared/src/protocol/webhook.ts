import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { noticeTypes } from './notice.ts';

/** `standard`: Standard Webhooks, signed. `slack`: what an incoming webhook of Slack takes. */
export const webhookFormats = ['standard', 'slack'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

const events = z.array(z.enum(noticeTypes)).max(noticeTypes.length);
const url = z.url().max(2048);

export const newWebhookSchema = z
  .strictObject({
    label: humanLine({ max: 120 }),
    url,
    format: z.enum(webhookFormats).default('standard'),
    /** Empty: all. */
    events: events.default([]),
  })
  .meta({ id: 'NewWebhook' });
export type NewWebhook = z.output<typeof newWebhookSchema>;

export const webhookChangeSchema = z
  .strictObject({
    label: humanLine({ max: 120 }).optional(),
    url: url.optional(),
    events: events.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'WebhookChange' });
export type WebhookChange = z.output<typeof webhookChangeSchema>;

export const webhookSchema = z
  .strictObject({
    id: idSchema('webhook'),
    label: z.string(),
    /** Of a Slack webhook the host only: its whole address is a secret. */
    url: z.string(),
    format: z.enum(webhookFormats),
    events: z.array(z.enum(noticeTypes)),
    enabled: z.boolean(),
    disabledReason: z.string().nullable(),
    createdAt: timestampSchema,
    /** Only in the answer that made it, and not for Slack, which does not check signatures. */
    secret: z.string().optional(),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.output<typeof webhookSchema>;

/** Signatures are made with the old secret too until then. */
export const webhookSecretSchema = z
  .strictObject({ secret: z.string(), oldSecretUntil: timestampSchema })
  .meta({ id: 'WebhookSecret' });

export const deliveryStates = ['waiting', 'done', 'failed'] as const;

/** One message to one place. */
export const deliverySchema = z
  .strictObject({
    id: idSchema('delivery'),
    type: z.enum(noticeTypes),
    channel: z.enum(['webhook', 'email']),
    /** Webhook, or person. */
    target: z.string(),
    state: z.enum(deliveryStates),
    attempts: z.int(),
    createdAt: timestampSchema,
    /** Of a delivery that waits. */
    nextAt: timestampSchema.nullable(),
    doneAt: timestampSchema.nullable(),
    /** HTTP status of the last answer. */
    status: z.int().nullable(),
    /** What went wrong last. Never what the other side answered. */
    error: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });
export type DeliveryView = z.output<typeof deliverySchema>;
