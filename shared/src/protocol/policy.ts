import { z } from 'zod';
import { platforms } from '../checks/define.ts';
import { humanLine, humanText } from '../text.ts';
import { durationSchema } from '../time.ts';
import { severities } from './verdict.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case words with dashes');

const link = z.url({ protocol: /^(https|x-apple\.systempreferences|ms-settings)$/ }).max(500);

const exceptionTermsSchema = z.strictObject({
  /** Longest that one exception may last. */
  max_duration: durationSchema.default('7d'),
  /** Longest that an exception and its extensions may last together. */
  max_total: durationSchema.default('14d'),
  /** Distinct people who must approve. */
  approvals: z.int().min(1).max(5).default(1),
});

export const policyRuleSchema = z
  .strictObject({
    id: name,
    title: humanLine({ max: 120 }),
    /** A check of the catalogue. */
    check: name,
    /** Only on these systems; elsewhere the rule does not apply. */
    platforms: z.array(z.enum(platforms)).min(1).optional(),
    /**
     * CEL that gives a bool; true means pass. `value` is the reading's value (its whole numbers are CEL ints),
     * `platform` a string, `now` a timestamp; besides CEL's own functions `versionAtLeast(version, least)` and
     * `daysSince(time)`. What cannot be evaluated, e.g. a null that is compared by size, is unknown and not a failure.
     */
    require: z.string().min(1).max(1000),
    /** The requirement in plain words, shown to people. */
    expected: humanLine({ max: 200 }),
    severity: z.enum(severities).default('medium'),
    /** From the first failure until it blocks. `0` blocks at once; `never` only warns. */
    time_to_fix: z
      .union([durationSchema, z.literal('never'), z.literal(0)], {
        error: 'must be a duration such as 1h or 14d, 0, or never',
      })
      .default('7d'),
    /**
     * What it means when the check has no answer: it could not be read, was not reported, is not enough to decide, or is
     * for somebody else to tell (a container's host, another edition). `block` counts as failing, with its time to fix.
     * Whatever stands here, a rule that was last seen failing counts as failing until it passes.
     */
    on_unknown: z.enum(['allow', 'warn', 'block']).default('warn'),
    /**
     * What it means when the device says that it cannot have this at all: not on its system, or no hardware for it.
     * Only the device says so. `skip`: the rule does not apply; `block` counts as failing, with its time to fix, unless
     * it was last seen failing: then it counts as failing always.
     */
    on_unsupported: z.enum(['skip', 'warn', 'block']).default('skip'),
    /** What to do, in plain words; `default` or one per system. */
    fix: z.partialRecord(z.enum(['default', ...platforms]), humanText({ max: 1000 })).optional(),
    /** Opens the place where it is fixed, or a page that tells how; `default` or one per system. */
    link: z.partialRecord(z.enum(['default', ...platforms]), link).optional(),
    /** Who may depart from it, and for how long. `false`: nobody. */
    exceptions: z
      .union([z.literal(false), exceptionTermsSchema], {
        error: 'must be false, or max_duration, max_total and approvals',
      })
      .default(() => exceptionTermsSchema.parse({})),
  })
  .meta({ id: 'PolicyRule' });

/** A device policy: a YAML document of this shape. Versions are counted by the backend. */
export const policyDocumentSchema = z
  .strictObject({
    policy: name,
    title: humanLine({ max: 120 }),
    description: humanText({ max: 2000 }).optional(),
    applies_to: z
      .strictObject({
        platforms: z.array(z.enum(platforms)).min(1).optional(),
        /** Only when a token for one of these is asked for. Absent: always. */
        resources: z.array(z.string().min(1).max(256)).min(1).optional(),
      })
      .prefault({}),
    /** Evidence older than this is stale. */
    max_age: durationSchema.default('1h'),
    /** Longest life of a token under this policy. */
    token_life: durationSchema.default('5m'),
    rules: z.array(policyRuleSchema).min(1).max(100),
  })
  .superRefine((document, context) => {
    const seen = new Set<string>();
    for (const [index, rule] of document.rules.entries()) {
      if (seen.has(rule.id))
        context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message: 'is used twice' });
      seen.add(rule.id);
    }
  })
  .meta({ id: 'PolicyDocument' });

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;
export type PolicyRule = z.infer<typeof policyRuleSchema>;

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
  })
  .meta({ id: 'PolicyDryRun' });
