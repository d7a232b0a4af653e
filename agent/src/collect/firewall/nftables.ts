import { z } from 'zod';
import { isForeignChain } from './foreign-chains.ts';

const name = z.string();
const chainSchema = z.object({
  family: name,
  table: name,
  name,
  hook: name.optional(),
  policy: name.optional(),
});
const ruleSchema = z.object({ family: name, table: name, chain: name, expr: z.array(z.json()) });
const rulesetSchema = z.object({ nftables: z.array(z.record(name, z.json())) });
type Chain = z.infer<typeof chainSchema>;
type Rule = z.infer<typeof ruleSchema>;
type Json = z.infer<ReturnType<typeof z.json>>;

export interface Ruleset {
  chains: Chain[];
  rules: Rule[];
}

/** Reads `nft -j list ruleset`; undefined when it is something else. */
export function parseRuleset(text: string): Ruleset | undefined {
  const parsed = rulesetSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return undefined;
  const chains = parsed.data.nftables.flatMap((entry) => chainSchema.safeParse(entry['chain']).data ?? []);
  const rules = parsed.data.nftables.flatMap((entry) => ruleSchema.safeParse(entry['rule']).data ?? []);
  return { chains, rules };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether packets to this machine are filtered: a chain on the input hook drops what no rule accepts, or it
 * reaches a rule that turns packets away. Chains that containers and tunnels add for themselves do not count.
 */
export function filtersInput({ chains, rules }: Ruleset): boolean {
  return chains
    .filter(({ hook, name: chain, table }) => hook === 'input' && !isForeignChain(chain) && !isForeignChain(table))
    .some((chain) => chain.policy === 'drop' || turnsAway(chain, rules, new Set()));
}

/** iptables keeps some conditions where only iptables can read them, so that nft alone cannot judge the rule. */
export function hidesConditions({ rules }: Ruleset): boolean {
  return rules.some(({ expr }) => expr.some((expression) => isObject(expression) && 'xt' in expression));
}

function turnsAway(
  chain: Pick<Chain, 'family' | 'table' | 'name'>,
  rules: readonly Rule[],
  seen: Set<string>,
): boolean {
  if (seen.has(chain.name) || isForeignChain(chain.name)) return false;
  seen.add(chain.name);
  return rules
    .filter((rule) => rule.family === chain.family && rule.table === chain.table && rule.chain === chain.name)
    .filter(({ expr }) => !expr.some(namesFew))
    .some(
      ({ expr }) =>
        expr.some(isRefusal) || targets(expr).some((target) => turnsAway({ ...chain, name: target }, rules, seen)),
    );
}

function isRefusal(expression: Json): boolean {
  if (!isObject(expression)) return false;
  const extension = expression['xt'];
  return 'drop' in expression || 'reject' in expression || (isObject(extension) && extension['name'] === 'REJECT');
}

/** A rule against single addresses or broken packets is a block-list, which lets everybody else in. */
function namesFew(expression: Json): boolean {
  if (!isObject(expression)) return false;
  if (isObject(expression['xt'])) return expression['xt']['type'] === 'match';
  const match = expression['match'];
  if (!isObject(match) || match['op'] === '!=') return false;
  const left = JSON.stringify(match['left'] ?? null);
  const isBroken = left === '{"ct":{"key":"state"}}' && JSON.stringify(match['right'] ?? null).includes('"invalid"');
  return left.includes('"saddr"') || isBroken;
}

/** Where a rule goes on, in a verdict of its own or in a map of verdicts. */
function targets(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(targets);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if ((key === 'jump' || key === 'goto') && isObject(inner))
      return typeof inner['target'] === 'string' ? [inner['target']] : [];
    return targets(inner);
  });
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
