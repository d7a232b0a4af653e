import { join } from 'node:path';
import { writeText } from '../support/gateway-example.ts';

/** What Debian's own nginx.conf is around a file of conf.d, as far as an example needs it, all in a folder of the test. */
export function nginxArguments(folder: string, site: string, modules: readonly string[] = []): string[] {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'];
  const main = [
    ...modules.map((module) => `load_module ${module};`),
    // Only root may choose, and then workers must be able to write into the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'worker_processes 2;',
    `pid ${join(folder, 'nginx.pid')};`,
    'events {}',
    'http {',
    '  access_log off;',
    ...kinds.map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`),
    `  include ${writeText(join(folder, 'site.conf'), site)};`,
    '}',
    '',
  ];
  return ['-e', 'stderr', '-p', folder, '-c', writeText(join(folder, 'nginx.conf'), main.join('\n'))];
}
