import type { ShownSetting } from './config.ts';
import { type Settings, settings } from './config-settings.ts';

type Name = keyof Settings;

/** Settings whose values are shown to nobody. */
const secret: ReadonlySet<Name> = new Set<Name>(['masterSecret']);

/** Settings that may hold a secret, and what of them is none. */
const partly: { [Setting in Name]?: (value: Settings[Setting]) => ShownSetting['value'] } = {
  databaseUrl: (url) => (url === undefined ? null : withoutSecret(url)),
  mailServer: (url) => (url === undefined ? null : withoutSecret(url)),
  feedFrom: (from) => (from === undefined ? null : withoutSecret(from)),
  signInProviders: (providers) => providers.map(({ id, issuer }) => `${id}: ${issuer}`),
};

/** What is configured, as people may see it who operate this. */
export function shownSettings(read: Settings, sourceOf: (name: Name) => ShownSetting['source']): ShownSetting[] {
  return (Object.keys(settings) as Name[]).map((name) => {
    const { variable, file } = settings[name];
    const isSecret = secret.has(name);
    const value = isSecret ? null : shown(name, read);
    return { variable, file, source: sourceOf(name), value, isDuration: name.endsWith('Ms'), isSecret };
  });
}

function shown(name: Name, read: Settings): ShownSetting['value'] {
  const say = partly[name] as ((value: unknown) => ShownSetting['value']) | undefined;
  const value: unknown = read[name];
  if (say !== undefined) return say(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(String) : null;
}

/** An address without user, password and query. What is no address is a file. */
function withoutSecret(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.protocol === 'sqlite:') return text;
  return `${url.protocol}//${url.host}${url.protocol.startsWith('postgres') || url.protocol === 'https:' ? url.pathname : ''}`;
}
