import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { humanLine, humanText } from '../text.ts';
import { durationSchema } from '../time.ts';
import { targetPathSchema } from './collection-plan.ts';
import { resourceTiers } from './resource.ts';
import { severities } from './verdict.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case words with dashes');

const link = z.url({ protocol: /^(https|x-apple\.systempreferences|ms-settings)$/ }).max(500);

/** A group of people, as admins or the identity provider name it. */
export const groupSchema = humanLine({ max: 64 });

const groups = z.array(groupSchema).min(1).max(50);
const systems = z.array(z.enum(platforms)).min(1);

/** One for all systems, one for each, or some of them and `default` for the rest. */
function bySystem<Value extends z.ZodType>(value: Value) {
  const each = (where: string) => value.optional().describe(where);
  return z.strictObject({
    default: each('On every system that is not named here.'),
    linux: each('On Linux.'),
    macos: each('On macOS.'),
    windows: each('On Windows.'),
  });
}

/** Descriptions are what editors show (docs/policy.schema.json), so that they are written for whoever writes a policy. */
function duration(description: string, ...examples: string[]) {
  return durationSchema.meta({ description, examples });
}

const exceptionTermsSchema = z.strictObject({
  groups: groups
    .optional()
    .describe('Only people in one of these groups may ask for one. Absent: everybody whom the policy applies to.'),
  max_duration: duration('Longest that one exception may last: at most 14d.', '7d', '14d').default('7d'),
  max_total: duration(
    'Longest that one person may be excepted on one device in all, within 90 days: at most 90d.',
    '14d',
    '30d',
  ).default('14d'),
  approvals: z.int().min(1).max(5).default(1).describe('How many people must approve it. None of them is who asks.'),
  auto_approve: z
    .boolean()
    .optional()
    .describe('A template may approve it by a condition of its own, without a person. Absent: never.'),
});

export const policyRuleSchema = z
  .strictObject({
    id: name.describe('Names the rule in verdicts and exceptions. Another id is another rule: exceptions from it end.'),
    title: humanLine({ max: 120 }).describe('What people see: what should be so, e.g. "The firewall is on".'),
    check: name.describe('The check of the catalogue whose reading is looked at.'),
    platforms: systems.optional().describe('Only on these systems; elsewhere the rule does not apply. Absent: on all.'),
    when: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'CEL that gives true or false: the rule applies only where it is true. Sees device.platform, device.ownership, ' +
          'device.keyProtection, person.email, person.groups, resource.name, resource.tier, platform and now, and not the reading. ' +
          'Where it cannot be evaluated, e.g. because nobody has said whose device it is, the rule applies: nobody escapes by accident. ' +
          'A condition on the resource counts when a token for a resource is asked for.',
      ),
    targets: bySystem(z.array(targetPathSchema).min(1).max(32))
      .optional()
      .describe(
        'For checks that look at what a policy names (processes, files): the absolute paths; default, or one list per system. ' +
          'Where there is none for a system the rule does not apply there. `value` holds these paths and no others.',
      ),
    require: z
      .string()
      .min(1)
      .max(1000)
      .describe(
        "CEL that gives true or false: true passes. `value` is the reading's value; beside it platform, now, device and person " +
          '(as in `when`), and for os-version `release`: what is known of that release of the system. Besides the functions of CEL ' +
          'versionAtLeast(version, least) and daysSince(time). What cannot be evaluated, e.g. a null that is compared by size, is ' +
          'unknown and not a failure. Put an expression that begins with ! in quotes.',
      ),
    expected: humanLine({ max: 200 }).describe('The requirement in plain words, shown to people.'),
    severity: z
      .enum(severities)
      .default('medium')
      .describe('How much it matters. Shown, sorted by, and of no effect on time_to_fix.'),
    time_to_fix: z
      .union([duration('From when it first counts until it blocks.', '1h', '7d'), z.literal('never'), z.literal(0)], {
        error: 'must be a duration such as 1h or 14d, 0, or never',
      })
      .default('7d')
      .describe(
        'From the first failure until it blocks, e.g. 1h or 7d, at most 365d. 0 blocks at once; never only warns. ' +
          'The person is told from the first failure on, and time in which the rule was only watched does not count.',
      ),
    warn_before: duration(
      'So long before it blocks the person is warned in earnest. Absent: the last quarter of time_to_fix.',
      '1h',
      '2d',
    ).optional(),
    report_only: z
      .boolean()
      .default(false)
      .describe(
        'The rule is watched and shown, and has no say in the verdict: it never blocks and needs no exception.',
      ),
    on_unknown: z
      .enum(['allow', 'warn', 'block'])
      .default('warn')
      .describe(
        'What it means when the check has no answer: it could not be read, was not reported, is not enough to decide, or is for ' +
          "somebody else to tell (a container's host, another edition). block counts as failing, with its time to fix. " +
          'Whatever stands here, a rule that was last seen failing counts as failing until it passes.',
      ),
    on_unsupported: z
      .enum(['skip', 'warn', 'block'])
      .default('skip')
      .describe(
        'What it means when the device says that it cannot have this at all: not on its system, or no hardware for it. Only the ' +
          'device says so. skip: the rule does not apply; block counts as failing, with its time to fix, unless it was last seen ' +
          'failing: then it counts as failing always.',
      ),
    fix: bySystem(humanText({ max: 1000 }))
      .optional()
      .describe('What to do, in plain words; default, or one per system. Absent: what the check itself says.'),
    link: bySystem(link)
      .optional()
      .describe('Opens the place where it is fixed, or a page that tells how; default, or one per system.'),
    exceptions: z
      .union([z.literal(false), exceptionTermsSchema], {
        error: 'must be false, or groups, max_duration, max_total and approvals',
      })
      .default(() => exceptionTermsSchema.parse({}))
      .describe('Who may depart from it, with whose approval, and for how long. false: nobody.'),
  })
  .meta({ id: 'PolicyRule', description: 'What one check must say, and what follows where it does not' });

const scopeSchema = z
  .strictObject({
    platforms: systems.optional().describe('Only these systems. Absent: all.'),
    users: z
      .array(z.email().max(254).toLowerCase())
      .min(1)
      .max(500)
      .optional()
      .describe(
        'E-mail addresses of people. With groups: these people and those in one of the groups. Both absent: everybody.',
      ),
    groups: groups.optional().describe('People in one of these groups, and those named in users.'),
    ownership: z
      .array(z.enum(['corporate', 'personal']))
      .min(1)
      .optional()
      .describe('Whose machine it is. One of which nobody has said counts as either.'),
    resources: z
      .array(z.string().min(1).max(256))
      .min(1)
      .max(500)
      .optional()
      .describe(
        'Only when a token for one of these is asked for. With resource_tiers: these and those of such a tier.',
      ),
    resource_tiers: z
      .array(z.enum(resourceTiers))
      .min(1)
      .optional()
      .describe(
        'Only when a token for a resource of such a tier is asked for. A resource without a tier counts as any.',
      ),
  })
  .describe('Whom, which devices and which resources the policy is for. What is absent narrows nothing.');

/** A device policy: a YAML document of this shape. Versions are counted by the backend. */
export const policyDocumentSchema = z
  .strictObject({
    policy: name.describe('Names the policy. Publishing a document of the same name makes its next version.'),
    title: humanLine({ max: 120 }).describe('What people see.'),
    description: humanText({ max: 2000 }).optional().describe('What it is for, for those who read it later.'),
    applies_to: scopeSchema.prefault({}),
    enforcement: z
      .enum(['enforce', 'report-only'])
      .default('enforce')
      .describe(
        'report-only: every rule is watched and shown, and nothing in this document has a say, neither its rules nor max_age nor ' +
          'token_life. A device that only such policies cover is covered by none.',
      ),
    max_age: duration('Evidence older than this is stale, and supports no token. From 1m to 30d.', '1h', '1d').default(
      '1h',
    ),
    token_life: duration('Longest life of a token under this policy. From 30s to 1h.', '5m').default('5m'),
    rules: z.array(policyRuleSchema).min(1).max(100).describe('All of them must be met.'),
  })
  .superRefine((document, context) => {
    const seen = new Set<string>();
    for (const [index, rule] of document.rules.entries()) {
      if (seen.has(rule.id))
        context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message: 'is used twice' });
      seen.add(rule.id);
    }
  })
  .meta({ id: 'PolicyDocument', description: 'A device policy of Postern' });

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;
export type PolicyRule = z.infer<typeof policyRuleSchema>;

/** A version of a policy as people read it: what it says, with what it leaves out filled in. */
export const policyContentSchema = z
  .strictObject({
    name: z.string(),
    version: z.int(),
    /** Null: this version of the program cannot read it any more. */
    content: policyDocumentSchema.nullable(),
  })
  .meta({ id: 'PolicyContent' });

/** What publishing a document would do, without doing it. */
export const policyDryRunSchema = z
  .strictObject({
    name: z.string(),
    /** The version that it would get. */
    version: z.int(),
    title: z.string(),
    /** The published version says exactly this already; publishing it would be refused. */
    unchanged: z.boolean(),
    /** Rules of the published version that would demand something else or be gone: exceptions from them would end. */
    changedRules: z.array(name),
    /** A second admin has to approve it: see the drafts. */
    needsApproval: z.boolean(),
  })
  .meta({ id: 'PolicyDryRun' });
