import { policyDocumentSchema, policyRuleSchema } from '@postern/shared/protocol/policy';
import { z } from 'zod';
import { suggestion } from '../nearest-name.ts';
import { conditionFaults, demandFaults, type DocumentFault, termFaults, timeFaults } from './document-faults.ts';

type Path = readonly (string | number)[];

/** What the schema found, in words for whoever wrote the document. */
export function faultsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  kind: { schema: z.ZodType; isNone: string },
  prefix: Path = [],
): DocumentFault[] {
  const path = [...prefix, ...issue.path.map((name) => (typeof name === 'symbol' ? String(name) : name))];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path, kind.schema);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not known here${hint(key, known)}`,
      isOfKey: true,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one whose fault lies deeper.
    const meant = issue.errors.find(
      (issues) =>
        issues.length > 0 && issues.every((each) => each.path.length > 0 || each.code === 'unrecognized_keys'),
    );
    if (meant !== undefined) return meant.flatMap((each) => faultsOf(each, data, kind, path));
  }
  const given = valueAt(path, data);
  if (issue.code === 'invalid_type' && given === undefined) return [{ path, message: 'is missing' }];
  if (issue.code === 'invalid_type' && path.length === 0) {
    return [{ path, message: kind.isNone }];
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof given !== 'object') {
    const isExpression = path.at(-1) === 'require' || path.at(-1) === 'when';
    const wish = isExpression ? 'an expression such as value.enabled, in quotes' : 'text; put it in quotes';
    return [{ path, message: `must be ${wish}` }];
  }
  if (issue.code === 'invalid_value' && typeof given === 'string') {
    const words = issue.values.map(String);
    return [{ path, message: `must be ${either(words)}${hint(given, words)}` }];
  }
  return [{ path, message: issue.message }];
}

const { max_age, token_life } = policyDocumentSchema.shape;
const timesSchema = z.object({ max_age, token_life });
const { check, require, when } = policyRuleSchema.shape;
const demandSchema = z.object({ check, require });
const conditionSchema = z.object({ when });

/** The schema stops at its own faults; what else is wrong is looked for all the same, so that all is told at once. */
export function faultsBehind(data: unknown): DocumentFault[] {
  const times = timesSchema.safeParse(data);
  const faults = times.success ? timeFaults(times.data) : [];
  if (typeof data !== 'object' || data === null || !('rules' in data) || !Array.isArray(data.rules)) return faults;
  for (const [index, raw] of data.rules.slice(0, maxRules).entries()) {
    const demand = demandSchema.safeParse(raw);
    const condition = conditionSchema.safeParse(raw);
    const rule = policyRuleSchema.safeParse(raw);
    if (demand.success) faults.push(...demandFaults(demand.data, index));
    if (condition.success) faults.push(...conditionFaults(condition.data, index));
    if (rule.success) faults.push(...termFaults(rule.data, index));
  }
  return faults;
}

const maxRules = 100;

/** Nothing that is longer than any key was meant to be one. */
function hint(given: string, known: readonly string[]): string {
  return given.length > 40 ? '' : suggestion(given, known);
}

function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** The keys that may stand at a place; none where it is no map. */
function keysAt(path: Path, document: z.ZodType): string[] {
  let schema: unknown = document;
  for (const name of path) {
    const outer = bare(schema);
    if (outer instanceof z.ZodObject) schema = (outer.shape as Record<string, unknown>)[String(name)];
    else if (outer instanceof z.ZodArray) schema = outer.element;
    else return [];
  }
  const inner = bare(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Without what may be left out; of alternatives, the one that has keys. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.map(bare).find((each) => each instanceof z.ZodObject);
  return schema;
}

function valueAt(path: Path, data: unknown): unknown {
  let value = data;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string | number, unknown>)[name];
  }
  return value;
}
