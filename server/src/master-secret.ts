import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/**
 * The secret that encrypts signing keys and authenticates nonces: 32 bytes, base64url, in `master.secret` in the data
 * folder. Made on first use, 0600 in a folder of 0700; several processes that start at once end up with one.
 *
 * @throws Error with a sentence for the operator; never with the secret
 */
export function readOrCreateMasterSecret(dataFolder: string): string {
  const file = path.join(dataFolder, 'master.secret');
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) create(file);
  } catch (error) {
    throw new Error(`must be a folder that this user can write to (${codeOf(error)})`, { cause: error });
  }
  // Windows has no such bits; there the folder's own access list decides.
  const mode = statSync(file).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(
      `${file} can be read by others (mode ${mode.toString(8)}): run chmod 600, and treat the secret as known if others had access`,
    );
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[\w-]{43}$/.test(secret))
    throw new Error(`${file} does not hold 32 bytes in base64url: restore it from a backup`);
  return secret;
}

/** Written beside and then linked: the name appears with its whole content, and the first of several processes wins. */
function create(file: string): void {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  if (process.platform === 'win32') return;
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
