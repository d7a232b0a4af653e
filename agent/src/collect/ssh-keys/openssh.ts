import { describe } from './public-key.ts';
import type { Key } from './key.ts';
import { WireReader } from './wire-reader.ts';

const magic = 'openssh-key-v1\0';

/**
 * OpenSSH's own format (PROTOCOL.key): the kind of key stands in the open public half, and whether there is a passphrase
 * in the name of the cipher. Undefined where it is something else or was cut off.
 */
export function parseOpenSsh(base64: string): Key | undefined {
  const characters = base64.replaceAll('\n', '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(characters)) return undefined;
  const bytes = Buffer.from(characters, 'base64');
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  const reader = new WireReader(bytes.subarray(magic.length));
  const cipher = reader.text();
  const derivation = reader.text();
  reader.bytes();
  const count = reader.number();
  const publicKey = reader.bytes();
  const secret = reader.bytes();
  if (cipher === undefined || derivation === undefined || publicKey === undefined || !secret?.length) return undefined;
  // ssh-keygen writes one key for each file, and reads no other.
  if (count !== 1) return undefined;
  const kind = describe(publicKey);
  if (kind === undefined) return undefined;
  const isOpen = cipher === 'none';
  if (isOpen !== (derivation === 'none')) return undefined;
  return { ...kind, passphrase: !isOpen };
}
