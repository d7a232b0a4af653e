import type { System } from '../system.ts';
import { readAll, type Look } from './look.ts';

const usual = ['/etc/greetd/config.toml', '/etc/greetd/cosmic-greeter.toml'];
const units = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'].map(
  (folder) => `${folder}/greetd.service`,
);
/** Whom packages give the greeter to. */
const greeters = new Set(['greeter', '_greetd', 'greetd', 'cosmic-greeter']);
/** login.defs(5) as distributions have it: people's accounts begin here, and the last one is nobody's. */
const firstPerson = 1000;
const nobody = 65_534;

/**
 * greetd(5): `initial_session` is run for its user without asking. `default_session` is the greeter, which does ask;
 * but where it is run as a person instead of as an account of the system's, there is nobody to ask.
 */
export async function lookAtGreetd(system: System): Promise<Look> {
  const files = await readAll(system, [...new Set([...usual, ...(await namedByUnit(system))])]);
  for (const { path, text } of files.read) {
    const sessions = parseSessions(text);
    if (sessions.has('initial_session')) return { outcome: 'automatic', seen: path };
    const user = sessions.get('default_session') ?? 'greeter';
    if (greeters.has(user)) continue;
    const isPerson = await isPersonsAccount(system, user);
    if (isPerson === undefined) return { outcome: 'hidden', path };
    if (isPerson) return { outcome: 'automatic', seen: path };
  }
  return files.hidden === undefined
    ? { outcome: 'asks', seen: usual[0] ?? '' }
    : { outcome: 'hidden', path: files.hidden };
}

/** Its service may name another file, as it does on NixOS. */
async function namedByUnit(system: System): Promise<string[]> {
  const files = await readAll(system, units);
  return files.read.flatMap(({ text }) =>
    [...text.matchAll(/^ExecStart=[^\n]*?\s(?:--config|-c)(?:\s+|=)["']?(\/[^\s"']+)/gm)].map(([, path]) => path ?? ''),
  );
}

/** The sessions of a configuration with their users. Written as a table, as an inline table, or with dotted keys. */
export function parseSessions(text: string): Map<string, string | undefined> {
  const sessions = new Map<string, string | undefined>();
  let table = '';
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('#')) continue;
    const header = /^\[\s*"?([\w-]+)"?\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      table = header;
      sessions.set(table, sessions.get(table));
      continue;
    }
    const dotted = /^(initial_session|default_session)\s*[.=]/.exec(line)?.[1];
    const session = dotted !== undefined && table === '' ? dotted : table;
    const isOfUser = dotted !== undefined && table === '' ? /\buser\s*=/.test(line) : /^"?user"?\s*=/.test(line);
    if (dotted !== undefined && table === '') sessions.set(session, sessions.get(session));
    const user = isOfUser ? /\buser"?\s*=\s*["']([^"']*)["']/.exec(line)?.[1] : undefined;
    if (user !== undefined) sessions.set(session, user);
  }
  return sessions;
}

/** Undefined where the list of accounts does not tell. */
async function isPersonsAccount(system: System, user: string): Promise<boolean | undefined> {
  const file = await system.readFile('/etc/passwd');
  if (file.outcome !== 'read') return undefined;
  const fields = file.text.split('\n').map((line) => line.split(':'));
  const uid = Number(fields.find(([name]) => name === user)?.[2] ?? 'absent');
  return Number.isInteger(uid) ? uid >= firstPerson && uid !== nobody : undefined;
}
