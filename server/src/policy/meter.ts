import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js';
import { bindingOf, childrenOf, loopOf, nodesOf } from './expression-nodes.ts';

/**
 * What one evaluation may cost. A step is about one operation of the expression on one member of a list; what a policy
 * needs takes tens of them, and the most takes about a millisecond.
 */
export const maxSteps = 20_000;

/** Counts while one expression is evaluated. Whoever starts an evaluation sets it to 0. */
export interface Meter {
  taken: number;
}

/**
 * Puts a meter into an expression that was parsed and checked, and has not been evaluated yet. Only what is done over and over
 * is counted: a loop is paid for before it is begun, by the length of its list and the size of its bodies, and in a body (which
 * may double a list or a text again and again) what is longer than a word by its length. The rest is bounded by the size of
 * the expression. Once all is spent nothing more is done, and the evaluation throws.
 */
export function meterOf(ast: ASTNode): Meter {
  const meter: Meter = { taken: 0 };
  watch(ast, meter, false);
  return meter;
}

function watch(node: ASTNode, meter: Meter, inBody: boolean): void {
  if (inBody && node.op !== 'value') onResult(node, (result) => take(meter, lengthOf(result)));
  const loop = loopOf(node);
  const binding = bindingOf(node);
  if (loop !== undefined) {
    const weight = loop.bodies.reduce((sum, body) => sum + weightOf(body), 1);
    watch(loop.over, meter, inBody);
    onResult(loop.over, (list) => take(meter, membersOf(list) * weight));
    for (const body of loop.bodies) watch(body, meter, true);
  } else if (binding !== undefined) {
    watch(binding.value, meter, inBody);
    watch(binding.body, meter, true);
  } else for (const child of childrenOf(node)) watch(child, meter, inBody);
}

function take(meter: Meter, steps: number): void {
  if (meter.taken + steps > maxSteps) throw new EvaluationError('it takes too many steps');
  meter.taken += steps;
}

/** Finding out the hour in a time zone costs as much as hundreds of comparisons. */
const zoneWeight = 500;

function weightOf(body: ASTNode): number {
  let weight = 0;
  for (const node of nodesOf(body)) {
    const asksZone = node.op === 'rcall' && node.args[0].startsWith('get') && node.args[2].length > 0;
    weight += asksZone ? zoneWeight : 1;
  }
  return weight;
}

function membersOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** In steps: nothing for what a comparison takes in its stride. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length >> 5;
  if (Array.isArray(value)) return value.length;
  return value instanceof Uint8Array ? value.length >> 5 : 0;
}

type Evaluate = (evaluator: unknown, node: Hook, context: unknown) => unknown;

/** What a node of the library has beside its type: how it is evaluated, and by which other node if it is a macro. */
interface Hook {
  meta: { evaluate: Evaluate; alternate?: Hook; macro?: unknown };
  setMeta(name: 'evaluate', evaluate: Evaluate): unknown;
}

/** The library has no budget of its own, so what a node gives is looked at on its way. */
function onResult(node: ASTNode, look: (result: unknown) => void): void {
  const hook = node as unknown as Hook;
  // has() gives a bool; the body of bind() is watched itself.
  if (hook.meta.macro !== undefined) return;
  const evaluated = hook.meta.alternate ?? hook;
  const { evaluate } = evaluated.meta;
  evaluated.setMeta('evaluate', (evaluator, self, context) => {
    const result = evaluate(evaluator, self, context);
    look(result);
    return result;
  });
}
