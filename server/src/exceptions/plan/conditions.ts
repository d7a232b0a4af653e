import { keyProtections } from '@postern/shared/protocol/enrollment';
import { resourceTiers } from '@postern/shared/protocol/resource';
import type { TemplateDocument } from '@postern/shared/protocol/template';
import { severities } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import { z } from 'zod';
import { compileRiskCondition, ExpressionError, type Expression, type Subject } from '../../policy/index.ts';
import type { Asked } from '../../policy/types.ts';

/** `risk` of a condition. What is not known is left out, so that a condition on it cannot be evaluated. */
export const riskShape = z.object({
  score: z.int(),
  severity: z.enum(severities),
  tier: z.enum(resourceTiers),
  failing: z.int(),
  durationRatio: z.number(),
  evidenceAgeSeconds: z.number(),
  keyProtection: z.enum(keyProtections),
  deviceAgeDays: z.number(),
  requests30d: z.int(),
  renewals: z.int(),
  incident: z.boolean(),
});
export type RiskValues = Partial<z.infer<typeof riskShape>>;

/** What is wrong with a condition, and where in its text; undefined when it can be evaluated. */
export function conditionFault(when: string): { message: string; offset: number | undefined } | undefined {
  try {
    compileRiskCondition(when, riskShape);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { message: error.message, offset: error.offset };
  }
}

type Condition = TemplateDocument['conditions'][number];

/** What conditions are evaluated over. */
export interface Circumstances {
  risk: RiskValues;
  subject: Subject;
  /** Those that are named; empty: any, and then `resource` cannot be evaluated. */
  resources: readonly Asked[];
  now: Instant;
}

/**
 * The conditions of a template that count, in their order. One is asked about each resource. What cannot be evaluated counts,
 * so that nobody escapes by accident; except for `auto_approve`, which must be true for all of them, so that nothing is
 * approved by accident.
 */
export function matching(conditions: readonly Condition[], circumstances: Circumstances): Condition[] {
  return conditions.filter((condition) => {
    const expression = compiled(condition.when);
    const asked = circumstances.resources.length === 0 ? (['any'] as const) : circumstances.resources;
    const answers = asked.map((resource) => answer(expression, resource, circumstances));
    if (condition.auto_approve === true) return answers.every((each) => each === true);
    return answers.some((each) => each !== false);
  });
}

/** Undefined where it cannot be evaluated. */
function answer(
  expression: Expression | undefined,
  resource: Asked | 'any',
  { risk, subject, now }: Circumstances,
): boolean | undefined {
  try {
    return expression?.evaluate({ subject, resource, release: null, now }, risk);
  } catch {
    return undefined;
  }
}

/** What an earlier version of the program took for an expression, and this one does not, cannot be evaluated. */
function compiled(when: string): Expression | undefined {
  try {
    return compileRiskCondition(when, riskShape);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}
