import { Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import type { Json } from '@postern/shared/canonical';
import type { Check } from '@postern/shared/checks/define';
import { osVersion } from '@postern/shared/checks/os-version';
import { day, type Instant, timestampSchema } from '@postern/shared/time';
import { z } from 'zod';
import { toCel, variablesOf } from './cel-values.ts';
import { ExpressionError } from './expression-error.ts';
import { checkMeaning } from './expression-meaning.ts';
import { readsOf } from './expression-nodes.ts';
import { contextShapes, releaseShape } from './expression-shapes.ts';
import { meterOf } from './meter.ts';
import type { Context } from './types.ts';
import { versionAtLeast } from './version.ts';

export interface Expression {
  /** It reads the clock, or `release`, of which more is known every day. */
  usesNow: boolean;
  usesResource: boolean;
  /** Throws where the value does not allow an answer. */
  evaluate: (context: Context, value: Json) => boolean;
  /** What the last evaluation cost; never more than `maxSteps`. */
  readonly meter: { readonly taken: number };
}

// The functions of the library are given their arguments and nothing else; evaluation is synchronous, so the
// moment that it is for can be kept here while it runs.
let evaluatedFor: Instant = 0;

const limits = { maxAstNodes: 200, maxDepth: 32, maxListElements: 100 };

const common = new Environment({ limits })
  .registerVariable('platform', 'string')
  .registerVariable('now', 'google.protobuf.Timestamp')
  .registerVariable('device', 'dyn')
  .registerVariable('person', 'dyn')
  .registerFunction('versionAtLeast(string, string): bool', (version: string, least: string) =>
    answered(() => versionAtLeast(version, least)),
  )
  .registerFunction('daysSince(string): double', (time: string) =>
    answered(() => (evaluatedFor - instantOf(time)) / day),
  );
const conditions = common.clone().registerVariable('resource', 'dyn');
const riskConditions = conditions.clone().registerVariable('risk', 'dyn');
const requirements = common.clone().registerVariable('value', 'dyn');
const requirementsOfRelease = requirements.clone().registerVariable('release', 'dyn');

/**
 * Compiles a rule's `require` (CEL) for the value of a check. What an admin can get wrong without noticing is refused
 * here, because at evaluation it would only ever be unknown or false: members that the check's value does not have, words
 * that a member never is, constants that are no duration, time or version, and answers that are not a bool.
 *
 * @throws ExpressionError
 */
export function compileExpression(text: string, check: Check): Expression {
  const shapes = { ...contextShapes, value: check.value };
  if (check.id === osVersion.id) return compile(requirementsOfRelease, text, { ...shapes, release: releaseShape });
  return compile(requirements, text, shapes);
}

/** The same for a rule's `when`, which sees the resource and not the reading. */
export function compileCondition(text: string): Expression {
  return compile(conditions, text, contextShapes);
}

/** The same for a condition of a template, which sees `risk` beside the resource: the value that it is evaluated over. */
export function compileRiskCondition(text: string, risk: z.ZodType): Expression {
  return compile(riskConditions, text, { ...contextShapes, risk }, 'risk');
}

function compile(
  environment: Environment,
  text: string,
  shapes: Readonly<Record<string, z.ZodType>>,
  valueName: 'value' | 'risk' = 'value',
): Expression {
  const parsed = parse(environment, text);
  const types = parsed.check();
  if (!types.valid) throw ExpressionError.of(types.error);
  // Members of `value` are dynamic, so `value.enabled` alone is too; evaluate() insists on a bool.
  if (types.type !== 'bool' && types.type !== 'dyn') {
    throw new ExpressionError(`must give true or false, and gives ${types.type ?? 'nothing'}`);
  }
  checkMeaning(parsed.ast, shapes);
  const reads = readsOf(parsed.ast);
  const meter = meterOf(parsed.ast);
  return {
    usesNow: reads.has('now') || reads.has('daysSince') || reads.has('release'),
    usesResource: reads.has('resource'),
    meter,
    evaluate(context, value) {
      evaluatedFor = context.now;
      meter.taken = 0;
      const variables = variablesOf(context);
      variables[valueName] = toCel(value);
      const answer: unknown = parsed(variables);
      if (typeof answer !== 'boolean') throw new EvaluationError('the answer is neither true nor false');
      return answer;
    },
  };
}

function parse(environment: Environment, text: string): ParseResult {
  try {
    return environment.parse(text);
  } catch (error) {
    throw ExpressionError.of(error);
  }
}

const timeOrDate = timestampSchema.or(z.iso.date());

/** RFC 3339, a time with its offset or a date alone (its beginning, in UTC). */
function instantOf(time: string): Instant {
  if (!timeOrDate.safeParse(time).success) throw new TypeError('not an RFC 3339 time or date');
  return Date.parse(time);
}

/** CEL's `||` and `&&` do without an operand that could not be evaluated, if it says so in CEL's own way. */
function answered<Answer>(compute: () => Answer): Answer {
  try {
    return compute();
  } catch (error) {
    throw new EvaluationError(error instanceof Error ? error.message : 'cannot be evaluated');
  }
}
