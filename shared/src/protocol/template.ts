import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine, humanText, writtenDocument } from '../text.ts';
import { durationSchema, timestampSchema } from '../time.ts';
import { groupSchema } from './policy.ts';
import { resourceTiers } from './resource.ts';
import { stepUpLevels } from './step-up.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case words with dashes');
const groups = z.array(groupSchema).min(1).max(50);

/** Approvals that one kind of people must give. Stages are asked one after the other; nobody counts in two. */
export const stageSchema = z
  .strictObject({
    title: humanLine({ max: 80 }).describe('What people see: who is asked, e.g. "Security".'),
    groups: groups
      .optional()
      .describe('Approvers in one of these groups. Absent: every approver, unless manager is true.'),
    manager: z
      .boolean()
      .default(false)
      .describe('The manager of the person whom it is for may approve, whatever their role.'),
    approvals: z.int().min(1).max(5).default(1).describe('How many distinct people.'),
  })
  .meta({ id: 'ApprovalStage' });
export type StageDocument = z.infer<typeof stageSchema>;

const stepUpSchema = z.strictObject({
  request: z.enum(stepUpLevels).default('none').describe('What who asks must show.'),
  approval: z.enum(stepUpLevels).default('none').describe('What who approves must show.'),
});

export const conditionSchema = z
  .strictObject({
    title: humanLine({ max: 120 }).describe('What people see when it counts, e.g. "A critical rule".'),
    when: z
      .string()
      .min(1)
      .max(1000)
      .describe(
        'CEL that gives true or false over risk (score, severity, tier, failing, durationRatio, evidenceAgeSeconds, keyProtection, ' +
          'deviceAgeDays, requests30d, renewals, incident), device, person, resource and now. What cannot be evaluated counts as true, ' +
          'except for auto_approve: nobody escapes, and nothing is approved, by accident.',
      ),
    deny: humanText({ max: 500 }).optional().describe('The request is refused; says why.'),
    stages: z.array(stageSchema).min(1).max(4).optional().describe('These stages in addition.'),
    approvals: z.int().min(1).max(5).optional().describe('At least so many approvals in the last stage.'),
    step_up: stepUpSchema.partial().optional().describe('At least this step-up.'),
    max_duration: durationSchema.optional().describe('At most so long.'),
    auto_approve: z
      .literal(true)
      .optional()
      .describe(
        'Approved at once, without a person, when every rule concerned says auto_approve too and no other condition asks for more.',
      ),
  })
  .meta({ id: 'TemplateCondition' });

/** A scenario in which people may depart from a rule, or get access for a while: YAML of this shape. Versions are counted by the backend. */
export const templateDocumentSchema = z
  .strictObject({
    template: name.describe('Names the template. Publishing a document of the same name makes its next version.'),
    kind: z.enum(['device', 'access']).describe('device: rules are waived. access: a resource opens in a role.'),
    title: humanLine({ max: 80 }).describe('What people choose from.'),
    description: humanText({ max: 1000 }).describe('When to use it, and when not.'),
    impact: humanText({ max: 1000 }).describe(
      'What it means to be granted this, in plain words, shown before it is asked for and approved.',
    ),
    for: z
      .strictObject({
        groups: groups.optional().describe('Only people in one of these groups. Absent: everybody.'),
        ownership: z
          .array(z.enum(['corporate', 'personal']))
          .min(1)
          .optional(),
      })
      .prefault({}),
    allows: z
      .strictObject({
        checks: z.array(name).min(1).max(50).optional().describe('Rules that look at one of these checks.'),
        rules: z
          .array(z.string().regex(/^[a-z][a-z0-9-]{0,63}\/[a-z][a-z0-9-]{0,63}$/, 'must be policy/rule'))
          .min(1)
          .max(100)
          .optional()
          .describe('These rules. With checks: both. Both absent: every rule whose policy allows exceptions.'),
        resources: z.array(z.string().min(1).max(256)).min(1).max(100).optional().describe('Only for these resources.'),
        tiers: z
          .array(z.enum(resourceTiers))
          .min(1)
          .optional()
          .describe('Only for resources of these tiers. With resources: both.'),
        must_name_resources: z.boolean().default(false).describe('A request must say for which resources.'),
      })
      .prefault({}),
    durations: z.array(durationSchema).min(1).max(6).describe('What people choose from.'),
    max_duration: durationSchema.describe('Longest that one may last, whatever a rule would allow.'),
    max_total: durationSchema
      .optional()
      .describe('Longest that one person may have this on one device in all, within 90 days.'),
    stages: z
      .array(stageSchema)
      .min(1)
      .max(4)
      .default(() => [stageSchema.parse({ title: 'Approval' })]),
    step_up: stepUpSchema.prefault({}),
    reason_codes: z
      .array(z.strictObject({ code: name, title: humanLine({ max: 80 }) }))
      .max(20)
      .default([]),
    ticket: z.enum(['required', 'optional', 'none']).default('optional'),
    begins: z.enum(['approval', 'first-use']).default('approval').describe('access only: when the clock starts.'),
    use_within: durationSchema.default('8h').describe('With begins: first-use, how long the first use may take.'),
    emergency: z
      .boolean()
      .default(false)
      .describe('Begins at once without approval, for at most 1h, with a passkey; a review is due within 24h.'),
    operators: groups.optional().describe('People in these groups may end what was given under this template.'),
    conditions: z.array(conditionSchema).max(20).default([]),
  })
  .meta({ id: 'TemplateDocument', description: 'A scenario for exceptions or temporary access' });
export type TemplateDocument = z.infer<typeof templateDocumentSchema>;

/** One thing that was looked at, and what it adds. */
export const riskInputSchema = z
  .strictObject({
    name: z.string(),
    /** The value in short, for people. */
    value: z.string(),
    points: z.int(),
    sentence: z.string(),
  })
  .meta({ id: 'RiskInput' });
/** The sum of the points, 0 to 100, and where each comes from. */
export const riskSchema = z.strictObject({ score: z.int(), inputs: z.array(riskInputSchema) }).meta({ id: 'Risk' });
export type Risk = z.infer<typeof riskSchema>;

/** A version of a template, as admins and approvers see it. */
export const templateVersionSchema = z
  .strictObject({
    name: z.string(),
    version: z.int(),
    kind: z.enum(['device', 'access']),
    title: z.string(),
    /** As it was written. */
    document: z.string(),
    /** It is the one that requests are made under. */
    current: z.boolean(),
    /** Names of people; null where it came with the program. */
    proposedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    publishedAt: timestampSchema,
  })
  .meta({ id: 'TemplateVersion' });
export type TemplateVersion = z.input<typeof templateVersionSchema>;

/** What people choose from, and what it takes: when and how to depart from a rule, or to get access for a while. */
export const offeredTemplateSchema = z
  .strictObject({
    name: z.string(),
    version: z.int(),
    kind: z.enum(['device', 'access']),
    title: z.string(),
    description: z.string(),
    impact: z.string(),
    emergency: z.boolean(),
    /** Only devices that are one of these; null: any. */
    ownership: z.array(z.string()).nullable(),
    /** Only rules that look at one of these checks, only these rules; null: any that its policy allows. */
    checks: z.array(z.string()).nullable(),
    rules: z.array(z.string()).nullable(),
    resources: z.array(z.string()).nullable(),
    tiers: z.array(z.enum(resourceTiers)).nullable(),
    mustNameResources: z.boolean(),
    durationsSeconds: z.array(z.int()),
    maxDurationSeconds: z.int(),
    maxTotalSeconds: z.int().nullable(),
    begins: z.enum(['approval', 'first-use']),
    /** Who approves, one after the other; empty: nobody. Conditions may ask for more. */
    stages: z.array(
      z.strictObject({
        title: z.string(),
        groups: z.array(z.string()).nullable(),
        manager: z.boolean(),
        approvals: z.int(),
      }),
    ),
    stepUp: z.strictObject({ request: z.enum(stepUpLevels), approval: z.enum(stepUpLevels) }),
    reasonCodes: z.array(z.strictObject({ code: z.string(), title: z.string() })),
    ticket: z.enum(['required', 'optional', 'none']),
    /** What makes it take more, or less, in the words of who wrote it. */
    conditions: z.array(z.string()),
  })
  .meta({ id: 'OfferedTemplate' });
export type OfferedTemplate = z.input<typeof offeredTemplateSchema>;

const note = humanText({ max: 1000 });

/** A new or changed template, or one to be taken out of force. Another admin has to approve it. */
export const newTemplateProposalSchema = z
  .union([
    z.strictObject({ document: writtenDocument({ max: 65_536 }), note: note.optional() }),
    z.strictObject({ retire: name, note: note.optional() }),
  ])
  .meta({ id: 'NewTemplateProposal' });

/** Asks what a template would be, without proposing it. */
export const newTemplateTrialSchema = z
  .strictObject({ document: writtenDocument({ max: 65_536 }) })
  .meta({ id: 'NewTemplateTrial' });

export const templateTrialSchema = z
  .strictObject({
    name: z.string(),
    /** The version that it would get. */
    version: z.int(),
    title: z.string(),
    /** The template in force says exactly this already. */
    unchanged: z.boolean(),
  })
  .meta({ id: 'TemplateTrial' });

export const templateProposalStates = ['proposed', 'published', 'discarded'] as const;

export const templateProposalSchema = z
  .strictObject({
    id: idSchema('templateProposal'),
    action: z.enum(['publish', 'retire']),
    name: z.string(),
    document: z.string(),
    /** SHA-256 of the document, base64url: what a proof for its approval is bound to. */
    documentHash: z.string(),
    note: z.string().nullable(),
    state: z.enum(templateProposalStates),
    /** The version that was in force when it was proposed; 0: none. */
    baseVersion: z.int(),
    /** Another version is in force by now: it has to be proposed again. */
    outdated: z.boolean(),
    proposedBy: z.strictObject({ id: idSchema('user'), name: z.string() }),
    proposedAt: timestampSchema,
    decidedBy: z.strictObject({ id: idSchema('user'), name: z.string() }).nullable(),
    decidedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'TemplateProposal' });
export type TemplateProposal = z.input<typeof templateProposalSchema>;

export const templateProposalDiscardSchema = z
  .strictObject({ reason: note.optional() })
  .meta({ id: 'TemplateProposalDiscard' });

/** Whether an incident is under way: conditions of templates may ask for it (`risk.incident`). */
export const incidentSchema = z
  .strictObject({
    open: z.boolean(),
    title: z.string().nullable(),
    since: timestampSchema.nullable(),
  })
  .meta({ id: 'Incident' });
export const incidentChangeSchema = z
  .strictObject({ open: z.boolean(), title: humanLine({ max: 120 }).optional() })
  .meta({ id: 'IncidentChange' });
