import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What evaluating the rule gave, exceptions aside. An excepted rule is still evaluated. */
export const ruleOutcomes = ['pass', 'fail', 'unknown', 'not-applicable'] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

/**
 * What it means for access. `fine`, `not-applicable`, `warned` and `reported` leave it open; `grace` until the
 * deadline; `excepted` until the exception ends; `blocked` closes it. `reported`: it does not pass, and the rule or its
 * policy only watches so far.
 */
export const ruleStandings = ['fine', 'warned', 'reported', 'grace', 'blocked', 'excepted', 'not-applicable'] as const;
export type RuleStanding = (typeof ruleStandings)[number];

/** How near the deadline is: `notify` from the first failure, `warn` from `warnAt`, `block` from the deadline. */
export const graceStages = ['notify', 'warn', 'block'] as const;
export type GraceStage = (typeof graceStages)[number];

export const verdictStatuses = ['compliant', 'grace', 'non-compliant', 'stale'] as const;
export type VerdictStatus = (typeof verdictStatuses)[number];

const fixSchema = z.strictObject({ text: z.string(), link: z.string().nullable() });

export const ruleResultSchema = z
  .strictObject({
    policy: z.string(),
    policyVersion: z.int(),
    rule: z.string(),
    title: z.string(),
    check: z.string(),
    severity: z.enum(severities),
    outcome: z.enum(ruleOutcomes),
    standing: z.enum(ruleStandings),
    /** The rule's requirement in words or as written. */
    expected: z.string(),
    /** What the device reported, in short; null where it reported nothing. */
    observed: z.string().nullable(),
    /** Why it could not be checked or does not apply; null otherwise. */
    reason: z.string().nullable(),
    /** Since when it has not passed; null where it passes. */
    since: timestampSchema.nullable(),
    /** From then on it blocks: its time to fix is over, and so is its exception, if any. Null where it never will. */
    deadline: timestampSchema.nullable(),
    /** From then on the person is warned in earnest; before it, only told. Null where there is no deadline. */
    warnAt: timestampSchema.nullable(),
    /** Null where nothing threatens: it passes, never blocks, or only watches. By the deadline, so that who is excepted is warned before that ends. */
    stage: z.enum(graceStages).nullable(),
    /** The rule or its policy only watches: it has no say in the status. */
    reportOnly: z.boolean(),
    /**
     * Many devices of one build changed at once, so that the collector is doubted before them: this is the outcome of the
     * reading before the change, until an admin decides or the time is over.
     */
    held: z.strictObject({ brake: idSchema('brake'), until: timestampSchema }).nullable(),
    fix: fixSchema.nullable(),
    exception: z.strictObject({ id: idSchema('exception'), expiresAt: timestampSchema }).nullable(),
  })
  .meta({ id: 'RuleResult' });

export type RuleResult = z.infer<typeof ruleResultSchema>;

export const verdictSchema = z
  .strictObject({
    status: z.enum(verdictStatuses),
    at: timestampSchema,
    /** When the evidence goes stale: without a newer attestation there is no token after this. */
    validUntil: timestampSchema,
    /**
     * Which rules (`policy/rule`) make the status what it is: the strictest of all policies. Empty when nothing stands
     * in the way, and when the evidence is stale.
     */
    because: z.array(z.string()),
    policies: z.array(z.strictObject({ name: z.string(), version: z.int() })),
    rules: z.array(ruleResultSchema),
  })
  .meta({ id: 'Verdict' });

export type Verdict = z.infer<typeof verdictSchema>;
