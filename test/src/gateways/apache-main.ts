import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeText } from '../support/gateway-example.ts';

/** What Debian's apache2.conf loads in any case; some of it may be built in. */
const always = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'socache_shmcb', 'unixd', 'env'];

/** What Debian's own apache2.conf is around a site, with the modules that the example says to turn on, in a test's folder. */
export function apacheArguments({
  folder,
  port,
  modules,
  site,
}: {
  folder: string;
  port: number;
  modules: string;
  site: string;
}): string[] {
  const asked = /^# +a2enmod (.+)$/m.exec(site)?.[1]?.split(' ') ?? [];
  const load = [...always, ...asked].filter((name) => existsSync(join(modules, `mod_${name}.so`)));
  const main = [
    `ServerRoot ${folder}`,
    `PidFile ${join(folder, 'apache.pid')}`,
    `DefaultRuntimeDir ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    // Standard error is a socket here, which Apache cannot open.
    'ErrorLog "|/bin/cat"',
    ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
    ...load.map((name) => `LoadModule ${name}_module ${join(modules, `mod_${name}.so`)}`),
    'StartServers 1',
    `Include ${writeText(join(folder, 'site.conf'), site)}`,
    '',
  ];
  return ['-DFOREGROUND', '-f', writeText(join(folder, 'apache2.conf'), main.join('\n'))];
}
