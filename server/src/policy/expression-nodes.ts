import type { ASTNode } from '@marcbachmann/cel-js';

/** The macros of CEL that do something for each member of a list or each key of a map. */
const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export interface Loop {
  /** What it goes over. */
  over: ASTNode;
  /** The name that each member has in the bodies. */
  name: string;
  /** Evaluated for each member. */
  bodies: readonly ASTNode[];
}

/** `over.all(name, body)` and the like; undefined for any other node. */
export function loopOf(node: ASTNode): Loop | undefined {
  if (node.op !== 'rcall') return undefined;
  const [macro, over, [variable, ...bodies]] = node.args;
  return macros.has(macro) && variable?.op === 'id' && bodies.length > 0
    ? { over, name: variable.args, bodies }
    : undefined;
}

/** `cel.bind(name, value, body)`. */
export function bindingOf(node: ASTNode): { name: string; value: ASTNode; body: ASTNode } | undefined {
  if (node.op !== 'rcall') return undefined;
  const [macro, receiver, [variable, value, body]] = node.args;
  return macro === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && variable?.op === 'id' && value && body
    ? { name: variable.args, value, body }
    : undefined;
}

/** The nodes right below. */
export function childrenOf(node: ASTNode): ASTNode[] {
  return nodesIn(node.args);
}

/** The node and all below it. */
export function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

/** The variables and functions that an expression names. */
export function readsOf(ast: ASTNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesOf(ast)) {
    if (node.op === 'id') names.add(node.args);
    if (node.op === 'call') names.add(node.args[0]);
  }
  return names;
}

/** Arguments of a node are nodes, names, constants, and lists of these. */
function nodesIn(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
