import { z } from 'zod';
import { isForeignChain } from './foreign-chains.ts';
import { isObject, type Json, stepsOf } from './nft-rule.ts';
import { type Family, fateIn, type Step } from './packet-fate.ts';

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

export interface Ruleset {
  chains: Chain[];
  rules: Rule[];
}

/** Reads `nft -j list ruleset`; undefined when it is something else. */
export function parseRuleset(text: string): Ruleset | undefined {
  const parsed = rulesetSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) return undefined;
  const chains = allOf(parsed.data.nftables, 'chain', chainSchema);
  const rules = allOf(parsed.data.nftables, 'rule', ruleSchema);
  return chains && rules && { chains, rules };
}

/** Undefined where one of them has another form: left out, it could have been the one that lets everybody in. */
function allOf<Value>(
  entries: readonly Record<string, Json>[],
  kind: string,
  schema: z.ZodType<Value>,
): Value[] | undefined {
  const parsed = entries.filter((entry) => kind in entry).map((entry) => schema.safeParse(entry[kind]));
  return parsed.every(({ success }) => success) ? parsed.flatMap(({ data }) => data ?? []) : undefined;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether a stranger's new connection to this machine is turned away: some chain on the input hook does it by a rule or,
 * where none decides, by its policy. Accepted by one chain, a packet still meets the next.
 *
 * @param without iptables keeps some conditions of its tables where only iptables can read them: those are left out
 */
export function filtersInput({ chains, rules }: Ruleset, family: Family, without: 'iptables' | 'nothing'): boolean {
  const isHere = (entry: { family: string; table: string }) =>
    (entry.family === family || entry.family === 'inet') &&
    (without === 'nothing' || !rules.some((rule) => isSameTable(rule, entry) && hidesCondition(rule)));
  return chains
    .filter((chain) => chain.hook === 'input' && isHere(chain))
    .filter((chain) => !isForeignChain(chain.name) && !isForeignChain(chain.table))
    .some((base) => {
      const own = rules.filter((rule) => isSameTable(rule, base));
      const lookup = (chain: string): Step[] =>
        own.filter((rule) => rule.chain === chain).flatMap(({ expr }) => stepsOf(expr, family));
      const fate = fateIn(base.name, lookup);
      return fate === 'undecided' ? base.policy === 'drop' : fate === 'refuse';
    });
}

/** Whether nft alone cannot judge this family. */
export function hidesConditions({ rules }: Ruleset, family: Family): boolean {
  return rules.some((rule) => (rule.family === family || rule.family === 'inet') && hidesCondition(rule));
}

function hidesCondition({ expr }: Rule): boolean {
  return expr.some((expression: Json) => {
    const extension = isObject(expression) ? expression['xt'] : undefined;
    return extension !== undefined && !(isObject(extension) && extension['name'] === 'comment');
  });
}

function isSameTable(left: { family: string; table: string }, right: { family: string; table: string }): boolean {
  return left.family === right.family && left.table === right.table;
}
