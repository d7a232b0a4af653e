import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';

// Keys are made anew in each run: a private key lies in no repository, not even one that opens nothing.

const uint32 = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const string = (value: string | Uint8Array) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};
/** RFC 4251: a number whose first bit is set gets a zero byte before it. */
const mpint = (bytes: Uint8Array) =>
  string((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : Buffer.from(bytes));
const field = (jwk: JsonWebKey, name: 'x' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url');

export interface OpenSshKey {
  publicBlob: Buffer;
  cipher?: string;
  derivation?: string;
  count?: number;
}

export const blobs = {
  ed25519: () => {
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    return Buffer.concat([string('ssh-ed25519'), string(field(jwk, 'x'))]);
  },
  ed25519Sk: () => Buffer.concat([string('sk-ssh-ed25519@openssh.com'), string(Buffer.alloc(32, 7)), string('ssh:')]),
  ecdsaSk: () =>
    Buffer.concat([
      string('sk-ecdsa-sha2-nistp256@openssh.com'),
      string('nistp256'),
      string(Buffer.alloc(65, 4)),
      string('ssh:'),
    ]),
  rsa: (bits: number) => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
    return Buffer.concat([string('ssh-rsa'), mpint(field(jwk, 'e')), mpint(field(jwk, 'n'))]);
  },
  ecdsa: (curve: string) => Buffer.concat([string(`ecdsa-sha2-${curve}`), string(curve), string(Buffer.alloc(65, 4))]),
  dsa: () => Buffer.concat([string('ssh-dss'), mpint(Buffer.alloc(128, 0x80)), string('q'), string('g'), string('y')]),
  of: (type: string) => Buffer.concat([string(type), string(Buffer.alloc(32, 1))]),
};

/** A key file as ssh-keygen writes it (PROTOCOL.key); what is secret in it is filling. */
export function openSshFile({ publicBlob, cipher = 'none', derivation, count = 1 }: OpenSshKey): string {
  const kdf = derivation ?? (cipher === 'none' ? 'none' : 'bcrypt');
  const options = kdf === 'none' ? Buffer.alloc(0) : Buffer.concat([string(Buffer.alloc(16, 9)), uint32(16)]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0', 'latin1'),
    string(cipher),
    string(kdf),
    string(options),
    uint32(count),
    string(publicBlob),
    string(Buffer.alloc(136, 5)),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** A key file of PuTTY. */
export function puttyFile(publicBlob: Buffer, encryption: 'none' | 'aes256-cbc'): string {
  const lines = publicBlob.toString('base64').match(/.{1,64}/g) ?? [];
  return [
    'PuTTY-User-Key-File-3: kind',
    `Encryption: ${encryption}`,
    'Comment: somebody@somewhere',
    `Public-Lines: ${lines.length}`,
    ...lines,
    'Private-Lines: 1',
    'AAAA',
    'Private-MAC: 00',
    '',
  ].join('\r\n');
}
