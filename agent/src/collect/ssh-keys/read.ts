import { posix, win32 } from 'node:path';
import type { sshKeys } from '@postern/shared/checks/ssh-keys';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import type { Key } from './key.ts';
import { keysIn } from './private-key.ts';

type SshKeys = z.infer<typeof sshKeys.value>;

const method = '.ssh in the home folder';
/** What ssh(1) keeps in this folder beside keys, and public keys with their certificates. */
const noKey = /^(?:known_hosts.*|authorized_keys.*|config|environment|rc|.*\.pub|.*\.old)$/i;
const looksLikeKey = /^(?:id_|identity$)|\.(?:pem|key|ppk)$/i;
const mostFiles = 256;
const mostKeys = 64;
const mostUnreadable = 1000;

/** The private keys in the person's own folder, without their names and without what is in them. */
export async function read(system: System): Promise<Finding<SshKeys>> {
  const paths = system.platform === 'windows' ? win32 : posix;
  const folder = paths.join(system.home, '.ssh');
  const names = await system.list(folder);
  if (names === undefined) {
    if ((await system.realPath(folder)) === undefined && (await system.list(system.home)) !== undefined) {
      return found({ keys: [], unreadable: 0 }, method);
    }
    return unknown(
      'permission-denied',
      'The folder .ssh cannot be listed. Run the agent as the person who signs in.',
      method,
    );
  }
  const candidates = names.filter((name) => !noKey.test(name));
  if (candidates.length > mostFiles) {
    return unknown(
      'output-unreadable',
      `The folder .ssh holds more than ${mostFiles} files. Move what is no key elsewhere.`,
      method,
    );
  }
  const keys: Key[] = [];
  let unreadable = 0;
  for (const name of candidates) {
    const file = await system.readFile(paths.join(folder, name));
    if (file.outcome === 'read') {
      const inFile = keysIn(file.text);
      keys.push(...inFile.keys);
      unreadable += inFile.unreadable;
    } else if (looksLikeKey.test(name) || names.includes(`${name}.pub`)) unreadable += 1;
  }
  if (keys.length > mostKeys) {
    return unknown(
      'output-unreadable',
      `The folder .ssh holds more than ${mostKeys} keys. Remove those that are not used.`,
      method,
    );
  }
  return found({ keys: keys.toSorted(byWeakness), unreadable: Math.min(mostUnreadable, unreadable) }, method);
}

/** In an order that tells nothing about the names of the files. */
function byWeakness(left: Key, right: Key): number {
  const order = ({ passphrase, algorithm, bits }: Key) =>
    `${passphrase === false ? 0 : passphrase === null ? 1 : 2} ${algorithm} ${String(bits ?? 0).padStart(6, '0')}`;
  return order(left) < order(right) ? -1 : order(left) > order(right) ? 1 : 0;
}
