// Read from recorded output; not run on the system itself.
import { unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { parsePlist } from './parse-plist.ts';
import type { Plist } from './plist.ts';

export type PlistResult =
  | { outcome: 'read'; value: Plist }
  | { outcome: 'absent' }
  | { outcome: 'refused' }
  | { outcome: 'unread'; finding: Finding<never> };

const plutil = '/usr/bin/plutil';
const most = { maxBytes: 4 * 1024 * 1024 };

/** A property list from a file: one in XML by reading it, a binary one (or one that is very large) through plutil. */
export async function readPlist(system: System, path: string): Promise<PlistResult> {
  const file = await system.readFile(path);
  if (file.outcome === 'absent' || file.outcome === 'refused') return file;
  if (file.outcome === 'read' && !file.text.startsWith('bplist')) return parsed(file.text, path);

  const result = await system.run(plutil, ['-convert', 'xml1', '-o', '-', path], most);
  if (result.outcome !== 'exited')
    return { outcome: 'unread', finding: { ...unanswered(result, 'plutil'), method: path } };
  return parsed(result.code === 0 ? result.stdout : '', path);
}

/** Such a file that gave no answer, as a finding. */
export function unreadPlist(result: Exclude<PlistResult, { outcome: 'read' }>, path: string): Finding<never> {
  switch (result.outcome) {
    case 'absent':
      return unknown('no-data', `${path} does not exist.`, path);
    case 'refused':
      return unknown('permission-denied', `${path} may not be read by this user. Let the agent run as root.`, path);
    case 'unread':
      return result.finding;
  }
}

function parsed(text: string, path: string): PlistResult {
  const value = parsePlist(text);
  if (value !== undefined) return { outcome: 'read', value };
  const detail = `${path} is no property list that can be read. Check it with plutil -lint in Terminal.`;
  return { outcome: 'unread', finding: unknown('output-unreadable', detail, path) };
}
