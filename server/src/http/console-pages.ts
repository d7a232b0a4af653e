import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type AnyRoute, defineRoute } from './route.ts';

const folder = new URL('../../console/', import.meta.url);

const html = 'text/html; charset=utf-8';
const script = 'text/javascript; charset=utf-8';

/** What the console consists of. A list, not a folder that is searched: no path from outside reaches a file system. */
const files: readonly { file: string; paths: readonly string[]; type: string }[] = [
  { file: 'index.html', paths: ['/console/', '/console/device'], type: html },
  { file: 'deny.html', paths: ['/console/deny'], type: html },
  { file: 'console.css', paths: ['/console/console.css'], type: 'text/css; charset=utf-8' },
  ...[
    'asking-forms',
    'asking',
    'backend',
    'console',
    'deny',
    'device-code',
    'exceptions',
    'fields',
    'mine',
    'notices',
    'page',
    'requests',
    'reviews',
    'standing',
    'step-up',
    'words',
    'you',
  ].map((name) => ({ file: `${name}.js`, paths: [`/console/${name}.js`], type: script })),
];

/** Own scripts and styles only, nothing inline: text that a device made up stays text. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const page = { method: 'GET', audience: 'open', rate: 'discovery', errors: [] } as const;

/** The console, for browsers. No part of the API, so not in its document. */
export function consolePages(issuer: string): AnyRoute[] {
  const toConsole = { status: 302, headers: { Location: `${issuer}/console/` } };
  return [
    ...files.flatMap(({ file, paths, type }) => {
      const body = readFileSync(fileURLToPath(new URL(file, folder)), 'utf8');
      const headers = {
        'Content-Type': type,
        'Content-Security-Policy': contentSecurityPolicy,
        'Cache-Control': 'no-cache',
      };
      return paths.map((path) =>
        defineRoute({
          ...page,
          path,
          summary: `Console: ${file}`,
          // RFC 8628 section 3.3.1: the code may come with the address.
          query: z.strictObject({ user_code: z.string().max(32).optional() }),
          replies: { 200: z.string() },
          handle: async () => ({ status: 200, headers, body }),
        }),
      );
    }),
    ...['/', '/console'].map((path) =>
      defineRoute({ ...page, path, summary: 'To the console', replies: { 302: null }, handle: async () => toConsole }),
    ),
  ];
}
