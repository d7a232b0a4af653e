import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What evaluating the rule gave, exceptions aside. An excepted rule is still evaluated. */
export const ruleOutcomes = ['pass', 'fail', 'unknown', 'not-applicable'] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

/**
 * What it means for access. `fine`, `not-applicable` and `warned` leave it open; `grace` until the
 * deadline; `excepted` until the exception ends; `blocked` closes it.
 */
export const ruleStandings = ['fine', 'warned', 'grace', 'blocked', 'excepted', 'not-applicable'] as const;
export type RuleStanding = (typeof ruleStandings)[number];

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
    /** From then on it blocks; null where it never will. */
    deadline: timestampSchema.nullable(),
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
    policies: z.array(z.strictObject({ name: z.string(), version: z.int() })),
    rules: z.array(ruleResultSchema),
  })
  .meta({ id: 'Verdict' });

export type Verdict = z.infer<typeof verdictSchema>;
