// Read from recorded output; not run on the system itself.
import { dictOf } from '../macos/plist.ts';
import { readPlist } from '../macos/read-plist.ts';
import type { System } from '../system.ts';

/**
 * From strict to lax. With all but the last two the firmware starts only what Apple signed: only the newest (full),
 * or any release (medium, reduced). The last two let it start anything.
 */
export const levels = [
  'Full Security',
  'Medium Security',
  'Reduced Security',
  'Permissive Security',
  'No Security',
] as const;
export type Level = (typeof levels)[number];

/** Where system_profiler takes its words from: a table of languages, each a table of its English words. */
const words = '/System/Library/SystemProfiler/SPiBridgeReporter.spreporter/Contents/Resources/Localizable.loctable';

/**
 * Which level a word means. system_profiler translates it even in JSON, so that a Mac in French says "Sécurité
 * maximale"; the Mac's own table turns it back. Where two levels share a word, the laxer one is taken.
 */
export async function levelOf(system: System, word: string): Promise<Level | undefined> {
  const english = levels.find((level) => level === word);
  if (english !== undefined) return english;
  const table = await readPlist(system, words);
  if (table.outcome !== 'read') return undefined;
  const languages = [...(dictOf(table.value)?.values() ?? [])].flatMap((language) => dictOf(language) ?? []);
  return levels.findLast((level) => languages.some((language) => language.get(level) === word));
}

/** Reads what the T2 chip keeps in NVRAM: `94b7…:AppleSecureBootPolicy	%02`. */
export function parseBootPolicy(text: string): Level | undefined {
  const value = /^[\da-f-]{36}:AppleSecureBootPolicy\s+%(0[012])\s*$/i.exec(text)?.[1];
  return value === undefined ? undefined : policies.get(value);
}

const policies = new Map<string, Level>([
  ['02', 'Full Security'],
  ['01', 'Medium Security'],
  ['00', 'No Security'],
]);
