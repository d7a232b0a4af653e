import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';

export interface PostgresServer {
  /** Which PostgreSQL this is, for reports. */
  source: string;
  /** Makes a database, empty or as the one at this address is, and returns its address. */
  createDatabase(template?: string): Promise<string>;
  /** Ends the server that was started, and removes its folder. */
  stop(): Promise<void>;
}

/** Why there is no server; the suite is then skipped and says this. */
export interface NoPostgres {
  unavailable: string;
}

let running: Promise<PostgresServer | NoPostgres> | undefined;

/**
 * A real PostgreSQL for the tests of this process, with fsync on. With POSTERN_TEST_POSTGRES_URL (or
 * TEST_DATABASE_URL) that server is used, and only databases are made in it. All callers get the same server.
 */
export function startPostgres(): Promise<PostgresServer | NoPostgres> {
  const given = process.env['POSTERN_TEST_POSTGRES_URL'] ?? process.env['TEST_DATABASE_URL'];
  running ??= given === undefined ? startOwn() : useGiven(given);
  return running;
}

async function useGiven(url: string): Promise<PostgresServer> {
  const made: string[] = [];
  return {
    source: 'the server of POSTERN_TEST_POSTGRES_URL',
    async createDatabase(template) {
      const address = await createDatabase(url, template);
      made.push(new URL(address).pathname.slice(1));
      return address;
    },
    async stop() {
      for (const name of made) await query(url, `drop database if exists ${name} with (force)`);
    },
  };
}

async function startOwn(): Promise<PostgresServer | NoPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-pg-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // The user that runs PostgreSQL passes through; what is private in it has modes of its own.
  chmodSync(folder, 0o711);
  const binaries = findPostgres(folder);
  if (typeof binaries === 'string') {
    remove();
    return { unavailable: binaries };
  }
  if (binaries.user !== undefined) chownSync(folder, binaries.user.uid, binaries.user.gid);
  try {
    const password = randomBytes(16).toString('hex');
    initialise(folder, binaries, password);
    const { child, url } = await launch(folder, binaries, password);
    // A test process that ends early must not leave a server behind.
    const endNow = () => {
      child.kill('SIGQUIT');
      remove();
    };
    process.once('exit', endNow);
    return {
      source: binaries.source,
      createDatabase: (template) => createDatabase(url, template),
      async stop() {
        process.off('exit', endNow);
        child.ref();
        const ended = once(child, 'exit');
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        if (child.exitCode === null && child.kill('SIGINT')) await ended;
        remove();
      },
    };
  } catch (error) {
    remove();
    return {
      unavailable: `PostgreSQL (${binaries.source}) did not start: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function initialise(folder: string, { bin, env, user }: PostgresBinaries, password: string): void {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const options = [
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const result = spawnSync(path.join(bin, 'initdb'), ['-D', path.join(folder, 'data'), '--no-sync', ...options], {
    env,
    ...user,
    cwd: folder,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`initdb: ${result.stderr || String(result.error)}`);
}

async function launch(
  folder: string,
  binaries: PostgresBinaries,
  password: string,
): Promise<{ child: ChildProcess; url: string }> {
  const sockets = path.join(folder, 'sockets');
  mkdirSync(sockets, { mode: 0o700 });
  if (binaries.user !== undefined) chownSync(sockets, binaries.user.uid, binaries.user.gid);
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'a', 0o600);
  // Between finding a free port and listening on it somebody else may take it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const settings = {
      fsync: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: sockets,
    };
    const child = spawn(
      path.join(binaries.bin, 'postgres'),
      [
        '-D',
        path.join(folder, 'data'),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { env: binaries.env, ...binaries.user, cwd: folder, stdio: ['ignore', log, log] },
    );
    child.unref();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    if (await answers(url, child)) return { child, url };
    if (child.exitCode === null) child.kill('SIGQUIT');
    if (attempt === 3) throw new Error(readFileSync(logFile, 'utf8').slice(-500));
  }
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const patience = 30_000;
  const pause = 25;
  for (let waited = 0; waited < patience && child.exitCode === null; waited += pause) {
    try {
      await query(url, 'select 1');
      return true;
    } catch {
      await wait(pause);
    }
  }
  return false;
}

async function createDatabase(url: string, template?: string): Promise<string> {
  const name = `postern_${randomBytes(8).toString('hex')}`;
  const from = template === undefined ? 'template0' : new URL(template).pathname.slice(1);
  await query(url, `create database ${name} encoding 'UTF8' template ${from}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A server that starts up or shuts down cuts connections; the query's own rejection says so.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => {});
  }
}
