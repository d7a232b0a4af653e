import type { Terminal } from './terminal.ts';

// JWS and other long secrets, ids of devices and people, hardware addresses.
const patterns: readonly [RegExp, string][] = [
  [/(\/(?:home|Users)\/|\\Users\\)[^/\\\s]+/g, '$1<user>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<jws>'],
  [/\b(dev|usr|exc|enr|ent|adt|att|tok|ver)_[0-9a-f]{32}\b/g, '$1_…'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<address>'],
  [/[A-Za-z0-9_-]{43,}/g, '<secret>'],
];

/** Makes text fit to be shown to others: no home folder, user, host name, id, key or token. */
export function redactorFor({ machine, env }: Pick<Terminal, 'machine' | 'env'>): (text: string) => string {
  const user = env['USER'] ?? env['USERNAME'] ?? '';
  const names: readonly [string, string][] = [
    [machine.home, '~'],
    [machine.hostName, '<host>'],
    [user, '<user>'],
  ];
  // A user called "root" or a host called "a" is no secret, and its name is part of other words.
  const telling = names.filter(
    ([name]) => name.length > 3 && name !== 'root' && name !== '/root' && name !== 'localhost',
  );
  return (text) => {
    const unnamed = telling.reduce((rest, [name, stand]) => rest.replaceAll(name, stand), text);
    return patterns.reduce((rest, [pattern, stand]) => rest.replace(pattern, stand), unnamed);
  };
}
