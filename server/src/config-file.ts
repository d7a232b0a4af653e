import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';

export interface ConfigFile {
  name: string;
  /** Values by dotted place. */
  values: Map<string, { value: unknown; line: number }>;
}

/** Reads the YAML file, if one is named; what is wrong with it joins `faults`. */
export function readConfigFile(name: string | undefined, faults: string[]): ConfigFile {
  const values: ConfigFile['values'] = new Map();
  if (name === undefined) return { name: '', values };
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch {
    faults.push('POSTERN_CONFIG: must be a YAML file that this user can read');
    return { name, values };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors) faults.push(`${name}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  if (document.errors.length > 0) return { name, values };
  const content: unknown = document.toJS();
  if (typeof content !== 'object' || Array.isArray(content))
    faults.push(`${name}:1: must be a list of names and values, such as "port: 7420"`);
  const collect = (value: unknown, place: string[]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isGroup) for (const [key, member] of Object.entries(value)) collect(member, [...place, key]);
    else if (value !== null && place.length > 0) values.set(place.join('.'), { value, line: lineOf(place) });
  };
  const lineOf = (place: string[]) => {
    const node = document.getIn(place, true);
    const range =
      typeof node === 'object' && node !== null && 'range' in node ? (node.range as [number] | undefined) : undefined;
    return range === undefined ? 1 : lines.linePos(range[0]).line;
  };
  collect(content, []);
  return { name, values };
}
