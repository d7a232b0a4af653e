import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Scalar, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { type ErrorCode, Fault, type FaultDetail } from '@postern/shared/protocol/errors';
import { plainLine } from './describe-value.ts';
import type { DocumentFault } from './document-faults.ts';
import { faultsOf } from './form-faults.ts';
import { placeInText } from './place-in-text.ts';

/** Longest text of a document, in characters. */
const maxLength = 65_536;
/** More faults than this help nobody. */
const maxFaults = 100;
/** Aliases are for a repeated text here and there; more is an attempt to swell the document. */
const maxAliases = 50;

const tooDeep = 'is nested too deeply';

interface Place {
  line: number;
  column: number;
}

/** A fault whose place is known; null where it is about the document as a whole. */
interface LocatedFault {
  place: Place | null;
  path: string;
  message: string;
}

/** One kind of document that people write in YAML. */
export interface DocumentKind<Content> {
  schema: z.ZodType<Content>;
  /** The refusal of one with faults. */
  code: ErrorCode;
  /** What one of them is called. */
  noun: string;
  /** Said of a text that is something else altogether. */
  isNone: string;
  /** What the schema cannot say. */
  faultsIn(document: Content): DocumentFault[];
  /** As much of that as can be said of one that the schema refuses, so that all is told at once. */
  faultsBehind(data: unknown): DocumentFault[];
}

/**
 * Reads a document: YAML 1.2 of the core schema, without tags of its own, duplicate keys or directives.
 *
 * @throws Fault of the kind's code, with every fault at once, each with its path, its line and its column
 */
export function readWrittenDocument<Content>(text: string, kind: DocumentKind<Content>): Content {
  const { code, schema } = kind;
  if (text.length > maxLength) refuse(code, [whole(`is longer than ${maxLength} characters`)]);
  if (!text.isWellFormed() || text.includes('\0')) refuse(code, [whole('is not valid text')]);
  const lines = new LineCounter();
  const { yaml, data } = readYaml(text, lines, kind);
  const parsed = schema.safeParse(data);
  const faults = parsed.success
    ? kind.faultsIn(parsed.data)
    : [...parsed.error.issues.flatMap((issue) => faultsOf(issue, data, kind)), ...kind.faultsBehind(data)];
  if (faults.length > 0)
    refuse(
      code,
      faults.slice(0, maxFaults).map((fault) => locate(fault, yaml, text, lines)),
    );
  if (!parsed.success) throw new TypeError('a document that does not parse has faults');
  return parsed.data;
}

/**
 * Reads a document that was published once. Only its form is looked at: what later versions of the program demand of
 * a new one is no reason to do without one that is in force.
 *
 * @throws Fault of the kind's code
 */
export function readStoredDocument<Content>(text: string, kind: DocumentKind<Content>): Content {
  const { schema, code } = kind;
  const parsed = schema.safeParse(readYaml(text, new LineCounter(), kind).data);
  if (!parsed.success) throw new Fault(code, { cause: parsed.error });
  return parsed.data;
}

function refuse(code: ErrorCode, faults: LocatedFault[], cause?: unknown): never {
  const said = new Map<string, FaultDetail>();
  for (const { place, path, message } of faults.toSorted(inOrder)) {
    const where = place === null ? '' : `line ${place.line}, column ${place.column}: `;
    const detail = { path, message: `${where}${message}` };
    said.set(`${detail.path} ${detail.message}`, detail);
  }
  throw new Fault(code, { details: [...said.values()].slice(0, maxFaults), cause });
}

function inOrder({ place: left }: LocatedFault, { place: right }: LocatedFault): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0);
}

function whole(message: string, place: Place | null = null): LocatedFault {
  return { place, path: 'document', message };
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function readYaml(
  text: string,
  lines: LineCounter,
  { code, noun }: Pick<DocumentKind<unknown>, 'code' | 'noun'>,
): { yaml: Document; data: unknown } {
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
      whole(say(error, noun), placeAt(error.pos[0], lines)),
    );
    if (yaml.directives?.yaml.explicit === true)
      faults.push(whole('directives are not read here', { line: 1, column: 1 }));
    if (faults.length > 0) refuse(code, faults);
    return { yaml, data: yaml.toJS({ maxAliasCount: maxAliases }) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    // The library recurses: a document of brackets only ends in a RangeError, one of aliases in a ReferenceError.
    return refuse(code, [whole(error instanceof ReferenceError ? 'uses too many or unknown aliases' : tooDeep)], error);
  }
}

/** What the library says, where it does not say what to do. */
function say({ code, message }: YAMLError, noun: string): string {
  if (message.includes('call stack')) return tooDeep;
  if (code === 'MULTIPLE_DOCS') return `holds more than one document: put each ${noun} into a file of its own`;
  // `title: a: b`.
  if (message.startsWith('Nested mappings are not allowed')) return `${message}. Put a value that holds ": " in quotes`;
  // `require: !value.enabled` is a tag to YAML.
  if (code === 'TAG_RESOLVE_FAILED') return `${message}. Put text that begins with ! in quotes`;
  return message;
}

function locate(fault: DocumentFault, yaml: Document, text: string, lines: LineCounter): LocatedFault {
  const { path, message } = fault;
  return {
    place: placeAt(offsetOf(fault, yaml, text), lines),
    // A key that nobody knows is quoted in the path, whatever it is made of.
    path: path.length === 0 ? 'document' : plainLine(path.join('.'), 200),
    message,
  };
}

/** Where the value at a path begins, or its key where it is no plain value; the nearest one around it where it is missing. */
function offsetOf({ path, offset, isOfKey }: DocumentFault, yaml: Document, text: string): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = yaml.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key: each }) => isScalar(each) && each.value === name)
      : undefined;
    const node = pair === undefined ? yaml.getIn(path.slice(0, length), true) : pair.value;
    const isMeant = length === path.length && isOfKey !== true && isScalar(node) && isWritten(node);
    if (isMeant && offset !== undefined) return placeInText(text, node, offset);
    // Of a member that is missing, and of a list or a map, the key says more than where its text begins.
    const shown = isNode(pair?.key) && !isMeant ? pair.key : node;
    if (isNode(shown) && shown.range) return shown.range[0];
  }
  return 0;
}

function isWritten({ range }: Scalar): boolean {
  return range !== undefined && range !== null && range[1] > range[0];
}
