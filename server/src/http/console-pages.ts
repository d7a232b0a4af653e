import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Random } from '../random.ts';
import { type AnyRoute, defineRoute, type Reply, type Request } from './route.ts';

const builtFolder = fileURLToPath(new URL('../../console/dist/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Names with a hash of what is in them: they never mean anything else. */
const forever = 'public, max-age=31536000, immutable';

/** In the built page, where the nonce of an answer belongs (server/console/vite.config.ts). */
const noncePlace = '__CSP_NONCE__';

/**
 * Own scripts and styles only, nothing inline but styles that carry the nonce of this answer (the component library makes some
 * while it runs): text that a device made up stays text.
 */
function contentSecurityPolicy(nonce: string): string {
  return (
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; ` +
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  );
}

const page = { method: 'GET', audience: 'open', rate: 'console', errors: [] } as const;

const screen = { summary: 'Console: a screen', unread: ['query'], replies: { 200: z.string() } } as const;
const rest = z.object({ rest: z.array(z.string()).or(z.string()) });

/** Shown where nobody has built the console: a sentence is better than an empty page. */
const notBuilt =
  '<!doctype html><html lang="en"><title>Postern</title><p>The console is not built here. ' +
  'Run <code>npm run build</code> in the folder of Postern, and start the server again.</p></html>';

interface BuiltFile {
  path: string;
  type: string;
  body: Buffer;
  encoded: ReadonlyMap<string, Buffer>;
}

/** What was built, read once at the start: no path from outside ever reaches a file system. */
function readBuilt(folder: string): { index: string; files: BuiltFile[] } {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  const files = names.flatMap((name): BuiltFile[] => {
    const type = types[extname(name)];
    if (type === undefined) return [];
    const encoded = new Map<string, Buffer>();
    for (const [coding, ending] of [
      ['br', '.br'],
      ['gzip', '.gz'],
    ] as const)
      if (names.includes(name + ending)) encoded.set(coding, readFileSync(join(folder, name + ending)));
    return [{ path: `/console/${name.replaceAll('\\', '/')}`, type, body: readFileSync(join(folder, name)), encoded }];
  });
  return { index: readFileSync(join(folder, 'index.html'), 'utf8'), files };
}

function built(folder: string): { index: string; files: BuiltFile[] } {
  try {
    return readBuilt(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { index: notBuilt, files: [] };
  }
}

/** The console, for browsers. No part of the API, so not in its document. */
export function consolePages(issuer: string, random: Pick<Random, 'secret'>, folder: string = builtFolder): AnyRoute[] {
  const { index, files } = built(folder);
  const toConsole = { status: 302, headers: { Location: `${issuer}/console/` } };
  const showIndex = async (): Promise<Reply> => {
    const nonce = random.secret();
    return {
      status: 200,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': contentSecurityPolicy(nonce),
        'Cache-Control': 'no-store',
      },
      body: index.replaceAll(noncePlace, nonce),
    };
  };
  return [
    ...files.map((file) =>
      defineRoute({
        ...page,
        path: file.path,
        summary: `Console: ${file.path}`,
        replies: { 200: z.string() },
        handle: async ({ header }) => sendFile(file, header),
      }),
    ),
    // A file of another version: the page in the browser is old, and the start page in its place would be no script.
    defineRoute({
      ...page,
      path: '/console/assets/{*rest}',
      params: rest,
      summary: 'Console: a file that is not there',
      unread: ['query'],
      replies: {},
      errors: ['not_found'],
      handle: () => Promise.reject(new Fault('not_found')),
    }),
    // Every other address below is a screen, which the program in the browser finds; RFC 8628 section 3.3.1: the code may come along.
    defineRoute({ ...page, ...screen, path: '/console/', handle: showIndex }),
    defineRoute({
      ...page,
      ...screen,
      path: '/console/{*rest}',
      params: rest,
      errors: ['not_found'],
      // A file that is not there: no screen has a dot in its address.
      handle: (request) =>
        request.url.includes('.', request.url.lastIndexOf('/')) ? Promise.reject(new Fault('not_found')) : showIndex(),
    }),
    ...['/', '/console'].map((path) =>
      defineRoute({ ...page, path, summary: 'To the console', replies: { 302: null }, handle: async () => toConsole }),
    ),
  ];
}

function sendFile(
  { path, type, body, encoded }: BuiltFile,
  header: Request<unknown, unknown, unknown>['header'],
): Reply {
  const accepted = header('accept-encoding') ?? '';
  const coding = ['br', 'gzip'].find((name) => encoded.has(name) && new RegExp(`\\b${name}\\b`).test(accepted));
  return {
    status: 200,
    headers: {
      'Content-Type': type,
      'Cache-Control': path.startsWith('/console/assets/') ? forever : 'no-cache',
      Vary: 'Accept-Encoding',
      ...(coding === undefined ? {} : { 'Content-Encoding': coding }),
    },
    body: (coding === undefined ? undefined : encoded.get(coding)) ?? body,
  };
}
