import { type ASTNode, Environment, EvaluationError, serialize } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { suggestion } from '../nearest-name.ts';
import { ExpressionError } from './expression-error.ts';
import { bindingOf, childrenOf, loopOf } from './expression-nodes.ts';
import { versionAtLeast } from './version.ts';

/** What a name stands for: a schema, or undefined where that is not known. */
type Scope = Readonly<Record<string, unknown>>;

/** Lists within lists: one level more squares what it may cost, and says nothing that two rules could not. */
const deepestLoop = 2;

const plain = new Environment();

/**
 * Refuses what is well-formed and can never mean anything: it would only ever be unknown, or false, on every device.
 *
 * @throws ExpressionError
 */
export function checkMeaning(ast: ASTNode, shapes: Readonly<Record<string, z.ZodType>>): void {
  visit(ast, shapes, 0);
}

function visit(node: ASTNode, scope: Scope, depth: number): void {
  checkCall(node);
  checkMember(node, scope);
  checkWords(node, scope);
  const loop = loopOf(node);
  const binding = bindingOf(node);
  if (loop !== undefined) {
    if (depth === deepestLoop) throw ExpressionError.at(node, `goes over lists more than ${deepestLoop} deep`);
    visit(loop.over, scope, depth);
    const inside = { ...scope, [loop.name]: memberOf(schemaOf(loop.over, scope)) };
    for (const body of loop.bodies) visit(body, inside, depth + 1);
  } else if (binding !== undefined) {
    visit(binding.value, scope, depth);
    visit(binding.body, { ...scope, [binding.name]: schemaOf(binding.value, scope) }, depth);
  } else for (const child of childrenOf(node)) visit(child, scope, depth);
}

/** Functions that are not offered, and constants that they fail on at every evaluation. */
function checkCall(node: ASTNode): void {
  // A regular expression over what a device sent can be made to run for minutes.
  if (node.op === 'rcall' && node.args[0] === 'matches')
    throw ExpressionError.at(node, 'matches is not offered: use startsWith, endsWith, contains or versionAtLeast');
  if (node.op !== 'call') return;
  const [name, args] = node.args;
  const [first, second] = args;
  if (name === 'versionAtLeast' && second?.op === 'value') {
    const least = String(second.args);
    if (!isVersion(least)) throw ExpressionError.at(node, `'${least}' is not a version made of numbers`);
  }
  // Reading a duration takes the square of its length, and the text may be a device's.
  if (name === 'duration' && first?.op !== 'value')
    throw ExpressionError.at(node, 'duration takes a text that stands in the policy, e.g. duration("72h")');
  if ((name === 'duration' || name === 'timestamp') && first?.op === 'value') {
    try {
      plain.evaluate(serialize(node));
    } catch (error) {
      throw ExpressionError.at(node, error instanceof EvaluationError ? error.summary : `not a ${name}`);
    }
  }
}

function isVersion(text: string): boolean {
  try {
    return versionAtLeast(text, text);
  } catch {
    return false;
  }
}

/** `value.enabeld` would be unknown for ever. */
function checkMember(node: ASTNode, scope: Scope): void {
  if (node.op !== '.') return;
  const [object, name] = node.args;
  const schema = bare(schemaOf(object, scope));
  if (!(schema instanceof z.ZodObject) || Object.hasOwn(schema.shape, name)) return;
  const known = Object.keys(schema.shape);
  const hint = suggestion(name, known);
  throw ExpressionError.at(
    node,
    `${serialize(object)} has no '${name}' here${hint === '' ? '; it' : `${hint} It`} has ${known.join(', ')}`,
  );
}

/** `value.state == "ful"` would be false on every device. */
function checkWords(node: ASTNode, scope: Scope): void {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return;
  const [left, right] = node.args;
  for (const [member, constants] of [
    [left, right],
    [right, left],
  ] as const) {
    const schema = bare(schemaOf(member, scope));
    if (!(schema instanceof z.ZodEnum)) continue;
    const words = schema.options.map(String);
    for (const constant of node.op === 'in' && constants.op === 'list' ? constants.args : [constants]) {
      if (constant.op !== 'value' || typeof constant.args !== 'string' || words.includes(constant.args)) continue;
      const hint = suggestion(constant.args, words);
      throw ExpressionError.at(
        constant,
        `${serialize(member)} is never '${constant.args}'${hint === '' ? '; it' : `${hint} It`} is one of ${words.join(', ')}`,
      );
    }
  }
}

/** The schema of what a node gives, where it is a variable or a member of one. */
function schemaOf(node: ASTNode, scope: Scope): unknown {
  if (node.op === 'id') return Object.hasOwn(scope, node.args) ? scope[node.args] : undefined;
  if (node.op === '.') {
    const schema = bare(schemaOf(node.args[0], scope));
    if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, node.args[1])) return undefined;
    return (schema.shape as Record<string, unknown>)[node.args[1]];
  }
  if (node.op === '[]') return elementOf(schemaOf(node.args[0], scope));
  // What passes a filter is of the kind that it was.
  const loop = loopOf(node);
  return loop !== undefined && node.op === 'rcall' && node.args[0] === 'filter'
    ? schemaOf(loop.over, scope)
    : undefined;
}

/** What a loop over it goes through: the members of a list; the keys of a map are texts of any kind. */
function memberOf(schema: unknown): unknown {
  const list = bare(schema);
  return list instanceof z.ZodArray ? list.element : undefined;
}

function elementOf(schema: unknown): unknown {
  const list = bare(schema);
  if (list instanceof z.ZodArray) return list.element;
  return list instanceof z.ZodRecord ? list.valueType : undefined;
}

function bare(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap();
  return inner;
}
