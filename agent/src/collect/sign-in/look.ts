import type { System } from '../system.ts';

/** What looking at one way to sign in showed. */
export type Look =
  | { outcome: 'automatic' | 'asks'; seen: string }
  /** It may sign somebody in, and where that is written cannot be read. */
  | { outcome: 'hidden'; path: string };

export interface Files {
  /** In the order asked for, without those that are absent. */
  read: { path: string; text: string }[];
  /** The first that is there and cannot be read. */
  hidden: string | undefined;
}

export async function readAll(system: System, paths: readonly string[]): Promise<Files> {
  const results = await Promise.all(paths.map(async (path) => ({ path, file: await system.readFile(path) })));
  return {
    read: results.flatMap(({ path, file }) => (file.outcome === 'read' ? [{ path, text: file.text }] : [])),
    hidden: results.find(({ file }) => file.outcome === 'refused' || file.outcome === 'failed')?.path,
  };
}

/** The files `*.conf` of a folder, in the order in which such folders are read. */
export async function confFiles(system: System, folder: string): Promise<string[]> {
  const names = (await system.list(folder)) ?? [];
  return names.filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`);
}
