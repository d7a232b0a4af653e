import path from 'node:path';

export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

/**
 * Reads `sqlite:/path/file.db`, `sqlite:relative.db`, `postgres://…` or `postgresql://…`.
 * Throws an Error whose message never repeats the address: it may hold a password.
 */
export function readDatabaseUrl(databaseUrl: string): DatabaseAddress {
  if (databaseUrl.startsWith('sqlite:')) {
    const file = databaseUrl.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    // A database in memory would be one of its own for each connection, and lost with the process.
    if (file === '' || file.startsWith(':') || file.startsWith('//'))
      throw new Error('sqlite: needs the path of a file');
    return { kind: 'sqlite', file: path.resolve(file) };
  }
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return { kind: 'postgres', url: databaseUrl };
  throw new Error('the database address must begin with sqlite: or postgres://');
}
