import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { ownerships } from './enrollment.ts';
import { pageQuerySchema } from './admin.ts';
import { ruleOutcomes, severities } from './verdict.ts';

/**
 * What a draft changes for a device that goes on reporting what it reported last, from the most severe down:
 * `newly-blocked`: it is let in now and would be blocked, at once or at a deadline that it does not have now.
 * `blocked-sooner`: it would be blocked anyway, and the draft brings that forward.
 * `newly-stale`: its last report would be too old at once; the next one ends that.
 * `newly-warned`: something more is held up to the person, and nothing blocks.
 * `freed`: it is blocked now and would be let in, for good or until a deadline.
 * `relieved`: the deadline at which it would be blocked goes away or moves back.
 * `exceptions-only`: nothing of these, but an exception would end or stand idle.
 */
export const replayChanges = [
  'newly-blocked',
  'blocked-sooner',
  'newly-stale',
  'newly-warned',
  'freed',
  'relieved',
  'exceptions-only',
] as const;
export type ReplayChange = (typeof replayChanges)[number];

export const replayStates = ['running', 'done', 'failed', 'cancelled'] as const;

/** `POST /v1/admin/policy-replays`: a document as it is, or a stored draft. */
export const newPolicyReplaySchema = z
  .strictObject({
    document: z.string().min(1).max(65_536).optional(),
    draft: idSchema('policyDraft').optional(),
  })
  .refine(({ document, draft }) => (document === undefined) !== (draft === undefined), 'give either document or draft')
  .meta({ id: 'NewPolicyReplay' });

/** Whether a person who would be blocked may ask for an exception: by the rule, and by their groups. */
const escapesSchema = z.strictObject({ mayAsk: z.int(), notInGroup: z.int(), notAllowed: z.int() });
const blockingSchema = z.strictObject({ atOnce: z.int(), atDeadline: z.int() });

const ruleSummarySchema = z.strictObject({
  /** `policy/rule`. */
  rule: z.string(),
  title: z.string(),
  check: z.string(),
  severity: z.enum(severities),
  expected: z.string(),
  reportOnly: z.boolean(),
  /** It reads the clock: what it finds may change by itself, and is told as of now. */
  usesClock: z.boolean(),
  /** Devices by what it finds on them now; one whose check is not collected is in `notCollected` only. */
  pass: z.int(),
  fail: z.int(),
  unknown: z.int(),
  notApplicable: z.int(),
  /** Devices that are not asked for what it looks at as things stand. What they would answer nobody knows. */
  notCollected: z.int(),
  /** Of `unknown`: those that answered, and the expression could not decide by the answer. */
  undecided: z.int(),
  /** The commonest reasons of `unknown`. */
  reasons: z.array(z.strictObject({ reason: z.string(), devices: z.int() })),
  /** Devices that it would newly block, alone or with others. */
  newlyBlocked: blockingSchema,
  /** Of those, who may ask for an exception from it. */
  exceptions: escapesSchema,
});
export type ReplayRuleSummary = z.infer<typeof ruleSummarySchema>;

/** Something in the draft that is likely a mistake, or that this replay cannot know. */
const doubtSchema = z.strictObject({
  kind: z.enum(['not-collected', 'undecided', 'mostly-unknown', 'applies-to-nobody', 'rules-changed']),
  /** Null: about the draft as a whole. */
  rule: z.string().nullable(),
  devices: z.int(),
  of: z.int(),
  sentence: z.string(),
});
export type ReplayDoubt = z.infer<typeof doubtSchema>;

const standingsSchema = z.strictObject({ blocked: z.int(), grace: z.int(), warned: z.int(), fine: z.int() });

export const replaySummarySchema = z
  .strictObject({
    /** Everything is said as of then. */
    at: timestampSchema,
    policy: z.string(),
    /** The version in force that it was compared with; 0: there is none. */
    comparedWith: z.int(),
    /** What access was asked for beside the device as such. */
    resources: z.array(z.string()),
    resourcesLeftOut: z.int(),
    devices: z.strictObject({
      /** Active ones. */
      total: z.int(),
      judged: z.int(),
      /** Of those judged: whom the draft does not concern. */
      notConcerned: z.int(),
      /** Of those judged: whose last report is too old as things stand. They are judged by it all the same. */
      stale: z.int(),
      neverAttested: z.int(),
      quarantined: z.int(),
      ownerInactive: z.int(),
    }),
    changes: z.record(z.enum(replayChanges), z.int()),
    newlyBlocked: blockingSchema.extend({
      people: z.int(),
      /** When: devices by day (UTC) of the block. */
      days: z.array(z.strictObject({ day: z.iso.date(), devices: z.int() })),
    }),
    /** Devices that no policy would cover any more: nobody has said what to trust. */
    newlyUncovered: z.int(),
    /** Devices as such (no resource) by where they stand at that moment. */
    before: standingsSchema,
    after: standingsSchema,
    rules: z.array(ruleSummarySchema),
    doubts: z.array(doubtSchema),
    exceptions: z.strictObject({
      void: z.int(),
      moot: z.int(),
      /** Devices newly blocked, by whether their person may ask to be excepted from all that blocks them. */
      needed: escapesSchema,
    }),
    platforms: z.array(z.strictObject({ platform: z.enum(platforms), judged: z.int(), newlyBlocked: z.int() })),
    /** Those with most devices newly blocked first. */
    builds: z.array(
      z.strictObject({
        platform: z.enum(platforms),
        build: z.string().nullable(),
        judged: z.int(),
        newlyBlocked: z.int(),
      }),
    ),
    ownership: z.array(z.strictObject({ ownership: z.enum(ownerships), judged: z.int(), newlyBlocked: z.int() })),
    /** People with a device that would newly be blocked, by group. One may be in several. */
    groups: z.array(z.strictObject({ group: z.string(), people: z.int() })),
  })
  .meta({ id: 'PolicyReplaySummary' });
export type ReplaySummary = z.infer<typeof replaySummarySchema>;

export const policyReplaySchema = z
  .strictObject({
    id: idSchema('policyReplay'),
    policy: z.string(),
    /** SHA-256 of the document, base64url. */
    documentHash: z.string(),
    startedBy: z.string(),
    startedAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
    state: z.enum(replayStates),
    devicesTotal: z.int(),
    devicesDone: z.int(),
    /** Once it is done. */
    summary: replaySummarySchema.nullable(),
  })
  .meta({ id: 'PolicyReplay' });
export type PolicyReplay = z.output<typeof policyReplaySchema>;

const replayedRuleSchema = z.strictObject({
  rule: z.string(),
  title: z.string(),
  outcome: z.enum(ruleOutcomes),
  expected: z.string(),
  observed: z.string().nullable(),
  reason: z.string().nullable(),
  since: timestampSchema,
  blocksAt: timestampSchema,
  exception: z.enum(['may-ask', 'not-in-group', 'not-allowed']),
});

/** Why a device is on the list, as it is stored with it. */
export const replayDetailSchema = z.strictObject({
  platform: z.enum(platforms),
  build: z.string().nullable(),
  /** The device as such (resource null) and each resource for which something else follows. At most eight. */
  changes: z.array(
    z.strictObject({
      resource: z.string().nullable(),
      change: z.enum(replayChanges),
      blockedAt: timestampSchema.nullable(),
      /** When it is blocked as things stand; null: never. */
      currentlyBlockedAt: timestampSchema.nullable(),
      /** No policy would cover it. */
      uncovered: z.boolean(),
      /** What blocks it with the draft, soonest first; where it is freed or relieved, what does so now. At most ten. */
      rules: z.array(replayedRuleSchema),
      /** Titles of what newly warns. */
      warned: z.array(z.string()),
    }),
  ),
  exceptions: z.array(
    z.strictObject({ id: idSchema('exception'), effect: z.enum(['void', 'moot']), sentence: z.string() }),
  ),
});
export type ReplayDetail = z.infer<typeof replayDetailSchema>;

/** One device for which something would change. */
export const replayedDeviceSchema = z
  .strictObject({
    device: z.strictObject({ id: idSchema('device'), name: z.string() }),
    person: z.strictObject({ id: idSchema('user'), name: z.string() }).nullable(),
    change: z.enum(replayChanges),
    blockedAt: timestampSchema.nullable(),
    detail: replayDetailSchema,
  })
  .meta({ id: 'ReplayedDevice' });
export type ReplayedDevice = z.output<typeof replayedDeviceSchema>;

export const replayedDevicesQuerySchema = pageQuerySchema.extend({ change: z.enum(replayChanges).optional() });
