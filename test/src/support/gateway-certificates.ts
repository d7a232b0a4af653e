import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority that nobody else knows, and a certificate of it for the name that clients use. */
export interface Certificates {
  /** PEM file of the authority, and its text. */
  authority: string;
  authorityText: string;
  certificate: string;
  key: string;
  /** Certificate and key in one file, as HAProxy wants them. */
  both: string;
}

export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const authorityNames = ['-subj', '/CN=Test authority', '-addext', 'keyUsage=critical,keyCertSign'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', ...authorityNames);
  const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  const own = ['-subj', `/CN=${names[0] ?? ''}`, '-addext', `subjectAltName=${alternatives}`];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'app.key',
    '-out',
    'app.crt',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    ...own,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  );
  writeFileSync(at('app.pem'), readFileSync(at('app.crt'), 'utf8') + readFileSync(at('app.key'), 'utf8'));
  return {
    authority: at('ca.crt'),
    authorityText: readFileSync(at('ca.crt'), 'utf8'),
    certificate: at('app.crt'),
    key: at('app.key'),
    both: at('app.pem'),
  };
}
