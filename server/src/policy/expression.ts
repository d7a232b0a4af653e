import { type ASTNode, Environment, EvaluationError, ParseError, serialize } from '@marcbachmann/cel-js';
import { z } from 'zod';
import type { Json } from '@postern/shared/canonical';
import type { Check, Platform } from '@postern/shared/checks/define';
import { day, type Instant, timestampSchema } from '@postern/shared/time';
import { versionAtLeast } from './version.ts';

/** An expression that cannot serve as a requirement. The message shows the place with a caret. */
export class ExpressionError extends Error {}

export interface Expression {
  usesNow: boolean;
  /** Throws where the value does not allow an answer. */
  evaluate: (value: Json, platform: Platform, now: Instant) => boolean;
}

// The functions of the library are given their arguments and nothing else; evaluation is synchronous, so the
// moment that it is for can be kept here while it runs.
let evaluatedFor: Instant = 0;

const environment = new Environment({ limits: { maxAstNodes: 200, maxDepth: 32, maxListElements: 100 } })
  .registerVariable('value', 'dyn')
  .registerVariable('platform', 'string')
  .registerVariable('now', 'google.protobuf.Timestamp')
  .registerFunction('versionAtLeast(string, string): bool', (version: string, least: string) =>
    answered(() => versionAtLeast(version, least)),
  )
  .registerFunction('daysSince(string): double', (time: string) =>
    answered(() => (evaluatedFor - instantOf(time)) / day),
  );

/**
 * Compiles a rule's `require` (CEL) for the value of a check. What an admin can get wrong without noticing is refused
 * here, because at evaluation it would only ever be unknown: members that the check's value does not have, constants
 * that are no duration, time or version, and answers that are not a bool.
 *
 * @throws ExpressionError
 */
export function compileExpression(text: string, check: Check): Expression {
  const parsed = attempt(() => environment.parse(text));
  const types = parsed.check();
  if (!types.valid) throw new ExpressionError(types.error?.message ?? 'does not fit together');
  // Members of `value` are dynamic, so `value.enabled` alone is too; evaluate() insists on a bool.
  if (types.type !== 'bool' && types.type !== 'dyn') {
    throw new ExpressionError(`must give true or false, and gives ${types.type ?? 'nothing'}`);
  }
  let usesNow = false;
  for (const node of nodesOf(parsed.ast)) {
    if (node.op === 'id' && node.args === 'now') usesNow = true;
    if (node.op === 'call' && node.args[0] === 'daysSince') usesNow = true;
    // A regular expression over what a device sent can be made to run for minutes.
    if (node.op === 'rcall' && node.args[0] === 'matches')
      throw faultAt(node, 'matches is not offered: use startsWith, endsWith, contains or versionAtLeast');
    checkConstant(node);
    checkMember(node, check);
  }
  return {
    usesNow,
    evaluate(value, platform, now) {
      evaluatedFor = now;
      const answer: unknown = parsed({ value: toCel(value), platform, now: new Date(now) });
      if (typeof answer !== 'boolean') throw new EvaluationError('the answer is neither true nor false');
      return answer;
    },
  };
}

/**
 * JSON does not tell whole numbers from others, CEL does: without this `value.count + 1` would be no sum, because 1 is
 * an int and the count a double. Comparing an int with a double works both ways.
 */
function toCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toCel(member)]));
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

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new ExpressionError(error instanceof Error ? error.message : 'cannot be read', { cause: error });
  }
}

function faultAt(node: ASTNode, message: string): ExpressionError {
  return new ExpressionError(new ParseError({ message, node }).message);
}

function* nodesOf(tree: unknown): Generator<ASTNode> {
  if (Array.isArray(tree)) for (const branch of tree) yield* nodesOf(branch);
  else if (isNode(tree)) {
    yield tree;
    yield* nodesOf(tree.args);
  }
}

function isNode(tree: unknown): tree is ASTNode {
  return typeof tree === 'object' && tree !== null && 'op' in tree && 'args' in tree;
}

/** `duration("30d")` parses, and fails at every evaluation: CEL's durations know no days. */
function checkConstant(node: ASTNode): void {
  if (node.op !== 'call') return;
  const [name, args] = node.args;
  const constant = (argument: ASTNode | undefined) => argument?.op === 'value';
  if (name === 'versionAtLeast' && constant(args[1])) {
    const least = String(args[1]?.args);
    try {
      versionAtLeast(least, least);
    } catch {
      throw faultAt(node, `'${least}' is not a version made of numbers`);
    }
  }
  if ((name === 'duration' || name === 'timestamp') && args.length === 1 && constant(args[0])) {
    try {
      environment.evaluate(serialize(node));
    } catch (error) {
      throw faultAt(node, error instanceof EvaluationError ? error.summary : `not a ${name}`);
    }
  }
}

/** `value.enabeld` would be unknown for ever. */
function checkMember(node: ASTNode, check: Check): void {
  const path = memberPath(node);
  if (path === undefined) return;
  let schema: unknown = check.value;
  for (const name of path) {
    if (!(schema instanceof z.ZodObject)) return;
    const shape = schema.shape as Record<string, unknown>;
    if (!Object.hasOwn(shape, name))
      throw faultAt(node, `${check.id} has no '${name}'; it has ${Object.keys(shape).join(', ')}`);
    schema = shape[name];
  }
}

/** The names after `value` in `value.a.b`; undefined for any other node. */
function memberPath(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return node.args === 'value' ? [] : undefined;
  if (node.op !== '.') return undefined;
  const [object, name] = node.args;
  const path = memberPath(object);
  return path === undefined ? undefined : [...path, name];
}
