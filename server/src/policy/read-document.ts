import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLError } from 'yaml';
import { z } from 'zod';
import { Fault, type FaultDetail } from '@postern/shared/protocol/errors';
import { type PolicyDocument, policyDocumentSchema, policyRuleSchema } from '@postern/shared/protocol/policy';
import { plainLine } from './describe-value.ts';
import { demandFaults, type DocumentFault, scopeFaults, termFaults, timeFaults } from './document-faults.ts';

/** Longest text of a policy, in characters. */
const maxLength = 65_536;
/** More faults than this help nobody. */
const maxFaults = 100;
/** Aliases are for a repeated text here and there; more is an attempt to swell the document. */
const maxAliases = 50;

const tooDeep = 'is nested too deeply';

/** A fault whose line is known; null where it is about the document as a whole. */
interface LocatedFault {
  line: number | null;
  path: string;
  message: string;
}

/**
 * Reads a policy document: YAML 1.2 of the core schema, without tags of its own, duplicate keys or directives.
 *
 * @throws Fault policy_invalid with every fault at once, each with its place and its line
 */
export function readPolicyDocument(text: string): PolicyDocument {
  if (text.length > maxLength) refuse([whole(`is longer than ${maxLength} characters`)]);
  if (!text.isWellFormed() || text.includes('\0')) refuse([whole('is not valid text')]);
  const lines = new LineCounter();
  const { yaml, data } = readYaml(text, lines);
  const parsed = policyDocumentSchema.safeParse(data);
  const faults = parsed.success
    ? faultsIn(parsed.data)
    : [...parsed.error.issues.flatMap((issue) => faultsOf(issue)), ...faultsBehind(data)];
  if (faults.length > 0) refuse(faults.slice(0, maxFaults).map((fault) => locate(fault, yaml, lines)));
  if (!parsed.success) throw new TypeError('a document that does not parse has faults');
  return parsed.data;
}

function refuse(faults: LocatedFault[], cause?: unknown): never {
  const said = new Map<string, FaultDetail>();
  for (const { line, path, message } of faults.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0))) {
    const detail = { path, message: line === null ? message : `line ${line}: ${message}` };
    said.set(`${detail.path} ${detail.message}`, detail);
  }
  throw new Fault('policy_invalid', { details: [...said.values()].slice(0, maxFaults), cause });
}

function whole(message: string, line: number | null = null): LocatedFault {
  return { line, path: 'document', message };
}

function readYaml(text: string, lines: LineCounter): { yaml: Document; data: unknown } {
  try {
    const yaml = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    // An unknown tag is only a warning to the library, and a %YAML 1.1 directive changes what words mean.
    const faults = [...yaml.errors, ...yaml.warnings].map((error) =>
      whole(say(error), lines.linePos(error.pos[0]).line),
    );
    if (yaml.directives?.yaml.explicit === true) faults.push(whole('directives are not read here', 1));
    if (faults.length > 0) refuse(faults);
    return { yaml, data: yaml.toJS({ maxAliasCount: maxAliases }) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    // The library recurses: a document of brackets only ends in a RangeError, one of aliases in a ReferenceError.
    return refuse([whole(error instanceof ReferenceError ? 'uses too many or unknown aliases' : tooDeep)], error);
  }
}

/** What the library says, where it does not say what to do. */
function say({ code, message }: YAMLError): string {
  if (message.includes('call stack')) return tooDeep;
  // `require: !value.enabled` is a tag to YAML.
  if (code === 'TAG_RESOLVE_FAILED') return `${message}. Put text that begins with ! in quotes`;
  return message;
}

function faultsIn(document: PolicyDocument): DocumentFault[] {
  return [
    ...timeFaults(document),
    ...scopeFaults(document),
    ...document.rules.flatMap((rule, index) => [...demandFaults(rule, index), ...termFaults(rule, index)]),
  ];
}

const { max_age, token_life } = policyDocumentSchema.shape;
const timesSchema = z.object({ max_age, token_life });
const { check, require } = policyRuleSchema.shape;
const demandSchema = z.object({ check, require });

/** The schema stops at its own faults; what else is wrong is looked for all the same, so that all is told at once. */
function faultsBehind(data: unknown): DocumentFault[] {
  const times = timesSchema.safeParse(data);
  const faults = times.success ? timeFaults(times.data) : [];
  if (typeof data !== 'object' || data === null || !('rules' in data) || !Array.isArray(data.rules)) return faults;
  for (const [index, raw] of data.rules.slice(0, maxFaults).entries()) {
    const demand = demandSchema.safeParse(raw);
    const rule = policyRuleSchema.safeParse(raw);
    if (demand.success) faults.push(...demandFaults(demand.data, index));
    if (rule.success) faults.push(...termFaults(rule.data, index));
  }
  return faults;
}

function faultsOf(issue: z.core.$ZodIssue, prefix: readonly (string | number)[] = []): DocumentFault[] {
  const path = [...prefix, ...issue.path.map((name) => (typeof name === 'symbol' ? String(name) : name))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one whose fault lies deeper.
    const meant = issue.errors.find(
      (issues) =>
        issues.length > 0 && issues.every((each) => each.path.length > 0 || each.code === 'unrecognized_keys'),
    );
    if (meant !== undefined) return meant.flatMap((each) => faultsOf(each, path));
  }
  return [{ path, message: issue.message }];
}

function locate({ path, message }: DocumentFault, yaml: Document, lines: LineCounter): LocatedFault {
  // A key that nobody knows is quoted in the path, whatever it is made of.
  return {
    line: lineOf(path, yaml, lines),
    path: path.length === 0 ? 'document' : plainLine(path.join('.'), 200),
    message,
  };
}

/** The line of the node at a path; of the nearest one around it where it is missing. */
function lineOf(path: readonly (string | number)[], yaml: Document, lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = yaml.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    // The line of a key: its value may begin on the next one.
    const key = isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key
      : undefined;
    const node = isNode(key) ? key : yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
