import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';

/** OpenID Shared Signals Framework 1.0, CAEP 1.0, RFC 8935 (push) and RFC 8936 (poll), as far as Postern speaks them. */

const caep = 'https://schemas.openid.net/secevent/caep/event-type';
const ssf = 'https://schemas.openid.net/secevent/ssf/event-type';

/** Event types that a receiver may ask for. */
export const signalTypes = {
  complianceChange: `${caep}/device-compliance-change`,
  sessionRevoked: `${caep}/session-revoked`,
  credentialChange: `${caep}/credential-change`,
} as const;
export type SignalType = (typeof signalTypes)[keyof typeof signalTypes];
export const supportedSignals: readonly SignalType[] = Object.values(signalTypes);

/** About the stream itself; nobody has to ask for these. */
export const streamSignalTypes = {
  verification: `${ssf}/verification`,
  streamUpdated: `${ssf}/stream-updated`,
} as const;
export type StreamSignalType = (typeof streamSignalTypes)[keyof typeof streamSignalTypes];

/** `typ` of a Security Event Token (RFC 8417 section 2.3). */
export const securityEventType = 'secevent+jwt';
export const pushMethod = 'urn:ietf:rfc:8935';
export const pollMethod = 'urn:ietf:rfc:8936';

export const streamStatuses = ['enabled', 'paused', 'disabled'] as const;
export type StreamStatus = (typeof streamStatuses)[number];

/** CAEP section 2. */
export const initiators = ['admin', 'user', 'policy', 'system'] as const;
export type Initiator = (typeof initiators)[number];

export const complianceStatuses = ['compliant', 'not-compliant'] as const;
export type ComplianceStatus = (typeof complianceStatuses)[number];

const streamId = idSchema('stream');
const eventList = z.array(z.string().min(1).max(512)).max(64);
const streamText = humanText({ max: 256 });

/** A header's value as HTTP allows it (RFC 9110 section 5.5), so that nothing can be smuggled behind it. */
const headerValue = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be one line of printable ASCII');

const deliveryWishSchema = z.discriminatedUnion('method', [
  z.object({
    method: z.literal(pushMethod),
    endpoint_url: z.string().min(1).max(2048),
    /** Absent: what was given for the same address before stays. Null: none. */
    authorization_header: headerValue.nullable().optional(),
  }),
  // Where it is polled is for the transmitter to say.
  z.object({ method: z.literal(pollMethod), endpoint_url: z.string().max(2048).optional() }),
]);
export type DeliveryWish = z.output<typeof deliveryWishSchema>;

/** What only the transmitter sets. A receiver may repeat it, and must then repeat what is so (SSF section 8.1.1.3). */
const transmitterSupplied = {
  iss: z.string().max(512).optional(),
  aud: z.union([z.string().max(512), z.array(z.string().max(512)).max(8)]).optional(),
  events_supported: eventList.optional(),
  events_delivered: eventList.optional(),
  min_verification_interval: z.number().optional(),
  inactivity_timeout: z.number().optional(),
};

const receiverSupplied = {
  /** Absent: all that are supported. What is not known is ignored. */
  events_requested: eventList.optional(),
  /** Absent: poll. */
  delivery: deliveryWishSchema.optional(),
  description: streamText.optional(),
};

export const newStreamSchema = z.object(receiverSupplied).meta({ id: 'NewStream' });
export const streamChangeSchema = z
  .object({ stream_id: streamId, ...receiverSupplied, ...transmitterSupplied })
  .meta({ id: 'StreamChange' });
export type NewStream = z.output<typeof newStreamSchema>;
export type StreamChange = z.output<typeof streamChangeSchema>;

/** SSF section 8.1.1. The authorization header of a push receiver is never shown. */
export const streamConfigurationSchema = z
  .strictObject({
    stream_id: streamId,
    iss: z.string(),
    aud: z.string(),
    events_supported: z.array(z.string()),
    events_requested: z.array(z.string()),
    events_delivered: z.array(z.string()),
    delivery: z.strictObject({ method: z.enum([pushMethod, pollMethod]), endpoint_url: z.string() }),
    min_verification_interval: z.int(),
    description: z.string().optional(),
  })
  .meta({ id: 'StreamConfiguration' });
export type StreamConfiguration = z.infer<typeof streamConfigurationSchema>;

export const streamQuerySchema = z.strictObject({ stream_id: streamId });
export const streamsQuerySchema = z.strictObject({ stream_id: streamId.optional() });

export const streamStatusSchema = z
  .strictObject({ stream_id: streamId, status: z.enum(streamStatuses), reason: z.string().optional() })
  .meta({ id: 'StreamStatus' });
export const streamStatusChangeSchema = z
  .object({ stream_id: streamId, status: z.enum(streamStatuses), reason: streamText.optional() })
  .meta({ id: 'StreamStatusChange' });
export type StreamStatusChange = z.output<typeof streamStatusChangeSchema>;
export type StreamStatusView = z.infer<typeof streamStatusSchema>;

export const verificationSchema = z
  .object({ stream_id: streamId, state: z.string().min(1).max(1024).optional() })
  .meta({ id: 'VerificationRequest' });

/** What a receiver may be let do with an access token: read its stream and poll it, or change it too. */
export const receiverScopes = ['ssf.read', 'ssf.manage'] as const;
export type ReceiverScope = (typeof receiverScopes)[number];

export const receiverTokenAnswerSchema = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    scope: z.string(),
  })
  .meta({ id: 'ReceiverToken' });

/** SSF section 7.1. */
export const transmitterMetadataSchema = z
  .strictObject({
    spec_version: z.literal('1_0'),
    issuer: z.string(),
    jwks_uri: z.string(),
    delivery_methods_supported: z.array(z.string()),
    configuration_endpoint: z.string(),
    status_endpoint: z.string(),
    verification_endpoint: z.string(),
    authorization_schemes: z.array(z.strictObject({ spec_urn: z.string() })),
    default_subjects: z.literal('ALL'),
  })
  .meta({ id: 'TransmitterMetadata' });
export type TransmitterMetadata = z.infer<typeof transmitterMetadataSchema>;

/** A poll carries back what was made of up to so many Security Event Tokens. */
export const mostAnswered = 500;
const setId = z.string().min(1).max(128);

/** RFC 8936 section 2.2. */
export const pollRequestSchema = z
  .object({
    maxEvents: z.int().min(0).optional(),
    returnImmediately: z.boolean().optional(),
    ack: z.array(setId).max(mostAnswered).optional(),
    setErrs: z
      .record(setId, z.object({ err: z.string().max(128), description: z.string().max(4096).optional() }))
      .refine((errors) => Object.keys(errors).length <= mostAnswered, `must not name more than ${mostAnswered}`)
      .optional(),
  })
  .meta({ id: 'PollRequest' });
export type PollRequest = z.output<typeof pollRequestSchema>;

/** RFC 8936 section 2.3. */
export const pollAnswerSchema = z
  .strictObject({ sets: z.record(z.string(), z.string()), moreAvailable: z.boolean() })
  .meta({ id: 'PollAnswer' });
export type PollAnswer = z.infer<typeof pollAnswerSchema>;

/** Why an admin holds a stream back; its receiver reads it. */
export const streamPauseSchema = z.strictObject({ reason: streamText }).meta({ id: 'StreamPause' });

/** A stream as admins see it. */
export const streamHealthSchema = z
  .strictObject({
    id: streamId,
    gateway: idSchema('gateway'),
    gatewayName: z.string(),
    description: z.string().nullable(),
    delivery: z.enum(['push', 'poll']),
    /** Host of a push receiver; its path may be a secret. */
    host: z.string().nullable(),
    events: z.array(z.string()),
    status: z.enum(streamStatuses),
    reason: z.string().nullable(),
    createdAt: timestampSchema,
    /** When something was last taken. */
    deliveredAt: timestampSchema.nullable(),
    failingSince: timestampSchema.nullable(),
    lastError: z.string().nullable(),
    waiting: z.int(),
    /** How long the oldest of them has waited. */
    lagSeconds: z.number(),
  })
  .meta({ id: 'StreamHealth' });
export type StreamHealth = z.infer<typeof streamHealthSchema>;
