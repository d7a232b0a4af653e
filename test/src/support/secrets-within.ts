import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** A private JWK in every spelling in which somebody may come to write it down: its members, and the whole of it as PEM. */
export function spellingsOf(jwk: Record<string, unknown>): Map<string, Buffer> {
  const spellings = new Map<string, Buffer>();
  for (const member of privateMembers) {
    const value = jwk[member];
    if (typeof value !== 'string') continue;
    const bytes = Buffer.from(value, 'base64url');
    spellings.set(`${member} as bytes`, bytes);
    spellings.set(`${member} in base64url`, Buffer.from(value));
    spellings.set(`${member} in base64`, Buffer.from(bytes.toString('base64').replaceAll('=', '')));
    spellings.set(`${member} in hexadecimal`, Buffer.from(bytes.toString('hex')));
    spellings.set(`${member} in capital hexadecimal`, Buffer.from(bytes.toString('hex').toUpperCase()));
  }
  const pem = createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
  // The first line is the same for all keys of a kind; in the second one the private part has begun.
  const [, , line = ''] = pem.split('\n');
  spellings.set('PEM', Buffer.from(line));
  return spellings;
}

/** All that lies in a folder, by path. */
export function filesIn(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (statSync(file).isFile()) files.set(name, readFileSync(file));
  }
  return files;
}
