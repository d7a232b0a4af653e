import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { humanLine, humanText, writtenDocument } from '../text.ts';
import { day, durationSchema, minute, parseDuration, timestampSchema } from '../time.ts';
import { deviceStates, keyProtections, keyProviders, ownerships } from './enrollment.ts';
import { groupSchema } from './policy.ts';
import { readingSchema } from './reading.ts';
import { stepUpAnswerSchema } from './step-up.ts';
import { verdictSchema, verdictStatuses } from './verdict.ts';

export const roles = ['employee', 'approver', 'admin', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** Who may approve, deny, revoke and review. */
export const deciderRoles = ['approver', 'admin'] as const satisfies readonly Role[];
/** Who may read what concerns everybody. */
export const readerRoles = ['admin', 'approver', 'auditor'] as const satisfies readonly Role[];

export const userSchema = z
  .strictObject({
    id: idSchema('user'),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(roles)),
    groups: z.array(z.string()),
    /** Who may approve where a template asks for the manager, and end what they were given. */
    manager: idSchema('user').nullable(),
    active: z.boolean(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'User' });
export type User = z.output<typeof userSchema>;

export const newUserSchema = z
  .strictObject({
    name: humanLine({ max: 120 }),
    email: z.email().max(254),
    roles: z.array(z.enum(roles)).min(1),
    groups: z.array(groupSchema).max(100).default([]),
  })
  .meta({ id: 'NewUser' });

export const userChangeSchema = z
  .strictObject({
    name: humanLine({ max: 120 }).optional(),
    roles: z.array(z.enum(roles)).min(1).optional(),
    groups: z.array(groupSchema).max(100).optional(),
    /** Null: nobody. */
    manager: idSchema('user').nullable().optional(),
    active: z.boolean().optional(),
  })
  .meta({ id: 'UserChange' });

/** Makes an admin API token for a person. The secret is in the answer once and nowhere else. */
export const newApiTokenSchema = z
  .strictObject({
    label: humanLine({ max: 120 }),
    life: durationSchema
      .refine((life) => {
        const milliseconds = parseDuration(life) ?? 0;
        return milliseconds >= minute && milliseconds <= 365 * day;
      }, 'must be between 1m and 365d')
      .default('30d'),
  })
  .meta({ id: 'NewApiToken' });
export const apiTokenSchema = z
  .strictObject({ id: idSchema('adminToken'), token: z.string(), expiresAt: timestampSchema })
  .meta({ id: 'ApiToken' });

/** An admin API token as it is listed: what it is called and how long it is good, never the secret. */
export const apiTokenSummarySchema = z
  .strictObject({
    id: idSchema('adminToken'),
    label: z.string(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema,
    revokedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiTokenSummary' });

export const newEnrollmentTokenSchema = z
  .strictObject({
    /** Whose device it will be. */
    owner: idSchema('user'),
    life: durationSchema.default('1h'),
    uses: z.int().min(1).max(1000).default(1),
    /** The device starts `pending` and waits for an admin. */
    pending: z.boolean().default(false),
    /** Whose machine it will be. */
    ownership: z.enum(ownerships).default('unknown'),
  })
  .meta({ id: 'NewEnrollmentToken' });
export const enrollmentTokenSchema = z
  .strictObject({
    id: idSchema('enrollmentToken'),
    owner: idSchema('user'),
    ownership: z.enum(ownerships),
    ownerName: z.string(),
    /** Devices that come with it wait for an admin. */
    pending: z.boolean(),
    usesLeft: z.int(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema,
    revoked: z.boolean(),
    /** Only in the answer that made it. */
    token: z.string().optional(),
  })
  .meta({ id: 'EnrollmentToken' });

export const deviceSummarySchema = z
  .strictObject({
    id: idSchema('device'),
    name: z.string(),
    platform: z.enum(platforms),
    owner: z.strictObject({ id: idSchema('user'), name: z.string() }),
    state: z.enum(deviceStates),
    quarantine: z.strictObject({ cause: z.string(), since: timestampSchema }).nullable(),
    keyProvider: z.enum(keyProviders),
    keyProtection: z.enum(keyProtections),
    ownership: z.enum(ownerships),
    status: z.enum([...verdictStatuses, 'never-attested']),
    lastSeenAt: timestampSchema.nullable(),
    enrolledAt: timestampSchema,
  })
  .meta({ id: 'DeviceSummary' });
export type DeviceSummary = z.output<typeof deviceSummarySchema>;

/** One branch of the history of a device that was seen twice. */
const historyEntrySchema = z.strictObject({
  seq: z.int(),
  hash: z.string(),
  prev: z.string().nullable(),
  receivedAt: timestampSchema,
  remoteAddress: z.string().nullable(),
});

export const deviceDetailSchema = deviceSummarySchema
  .extend({
    keyThumbprint: z.string(),
    agentVersion: z.string(),
    /** What people call the checks of the readings, by their ids. */
    checkTitles: z.record(z.string(), z.string()),
    /** What an action on it would hit. */
    atStake: z.strictObject({
      /** Exceptions and temporary access that are approved and not over, and requests that wait. */
      exceptions: z.int(),
      requests: z.int(),
      /** Access tokens that it got in the last hour; `more`: at least so many. */
      tokens: z.int(),
      moreTokens: z.boolean(),
      /** Those of them that are not over yet. */
      liveTokens: z.int(),
    }),
    verdict: verdictSchema.nullable(),
    readings: z.record(z.string(), readingSchema).nullable(),
    /** Newest first. */
    attestations: z.array(historyEntrySchema),
    /** What was refused because it did not fit that history, newest first. */
    conflicts: z.array(historyEntrySchema.extend({ cause: z.string() })),
    /** Checks that the newest of those reads otherwise than what is stored: what tells two machines apart. */
    refusedSays: z.array(
      z.strictObject({
        check: z.string(),
        title: z.string(),
        stored: readingSchema.nullable(),
        refused: readingSchema.nullable(),
      }),
    ),
    /** Other devices that reported any of its hardware identifiers, newest first: the same machine, enrolled again. */
    sameHardware: z.array(
      z.strictObject({
        id: idSchema('device'),
        name: z.string(),
        state: z.enum(deviceStates),
        quarantined: z.boolean(),
      }),
    ),
    verdicts: z.array(
      z.strictObject({
        at: timestampSchema,
        status: z.enum(verdictStatuses),
        policies: z.array(z.strictObject({ name: z.string(), version: z.int() })),
      }),
    ),
  })
  .meta({ id: 'DeviceDetail' });
export type DeviceDetail = z.output<typeof deviceDetailSchema>;

/** `suspend`, `resume`, `admit` (pending), `release` (quarantine), `retire` (for good). */
export const deviceActions = ['admit', 'suspend', 'resume', 'release', 'retire'] as const;
export const deviceActionSchema = z.strictObject({ reason: humanText({ max: 1000 }) }).meta({ id: 'DeviceAction' });

/** `POST /v1/admin/devices/{id}/ownership`. */
export const deviceOwnershipSchema = z
  .strictObject({ ownership: z.enum(ownerships), reason: humanText({ max: 1000 }) })
  .meta({ id: 'DeviceOwnership' });

export const newGatewaySchema = z
  .strictObject({
    name: humanLine({ max: 120 }),
    resources: z
      .array(humanLine({ max: 256 }))
      .min(1)
      .max(50),
  })
  .meta({ id: 'NewGateway' });
export const gatewaySchema = z
  .strictObject({
    id: idSchema('gateway'),
    name: z.string(),
    resources: z.array(z.string()),
    /** Only in the answer that made it. */
    secret: z.string().optional(),
  })
  .meta({ id: 'Gateway' });

export const publishPolicySchema = z
  .strictObject({
    document: writtenDocument({ max: 65_536 }),
    /** Only says whether it is valid and what it would change. */
    dryRun: z.boolean().default(false),
    /** Of the only admin there is. */
    stepUp: stepUpAnswerSchema.optional(),
  })
  .meta({ id: 'PublishPolicy' });
export const policyVersionSchema = z
  .strictObject({
    name: z.string(),
    version: z.int(),
    title: z.string(),
    publishedAt: timestampSchema,
    publishedBy: z.string(),
    /** Names of people; null where a program or the command line published it. */
    draftedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    note: z.string().nullable(),
    enforcement: z.enum(['enforce', 'report-only']),
    current: z.boolean(),
    document: z.string(),
    /** SHA-256 of the document, base64url: what a proof for putting it into force again is bound to. */
    documentHash: z.string(),
  })
  .meta({ id: 'PolicyVersion' });

export const auditEntrySchema = z
  .strictObject({
    seq: z.int(),
    at: timestampSchema,
    type: z.string(),
    outcome: z.enum(['success', 'failure']),
    actor: z.strictObject({ kind: z.string(), id: z.string().nullable() }),
    subject: z.strictObject({ kind: z.string(), id: z.string() }).nullable(),
    /** What people call them today, where they have a name: no part of the record. */
    actorName: z.string().nullable(),
    subjectName: z.string().nullable(),
    data: z.record(z.string(), z.json()),
    /** Personal text that belongs to it; null where there is none or it was erased. */
    text: z.string().nullable(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.output<typeof auditEntrySchema>;

/** The answer of every list: at most `limit`, and where to go on. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() });
}
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(128).optional(),
});

export const deviceCodeDecisionSchema = z
  .strictObject({ user_code: z.string().min(1).max(32), decision: z.enum(['approve', 'deny']) })
  .meta({ id: 'DeviceCodeDecision' });
