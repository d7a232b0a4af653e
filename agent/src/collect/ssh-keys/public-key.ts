import type { Key } from './key.ts';
import { WireReader } from './wire-reader.ts';

const curves: Record<string, number> = { nistp256: 256, nistp384: 384, nistp521: 521 };

/** Kind and size of a public key in the form of RFC 4253, section 6.6. Undefined where it is none that ssh knows. */
export function describe(blob: Uint8Array): Pick<Key, 'algorithm' | 'bits'> | undefined {
  const reader = new WireReader(blob);
  const type = reader.text() ?? '';
  switch (type) {
    case 'ssh-ed25519':
      return reader.bytes()?.length === 32 ? { algorithm: 'ed25519', bits: null } : undefined;
    case 'sk-ssh-ed25519@openssh.com':
      return reader.bytes()?.length === 32 ? { algorithm: 'ed25519-sk', bits: null } : undefined;
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return { algorithm: 'ecdsa-sk', bits: 256 };
    case 'ssh-rsa':
      // The exponent comes first.
      return sized('rsa', reader.bytes() && reader.bytes());
    case 'ssh-dss':
      return sized('dsa', reader.bytes());
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      const curve = reader.text();
      return curve !== undefined && type.endsWith(curve) && curves[curve] !== undefined
        ? { algorithm: 'ecdsa', bits: curves[curve] }
        : undefined;
    }
    default:
      return undefined;
  }
}

function sized(algorithm: string, modulus: Uint8Array | undefined): Pick<Key, 'algorithm' | 'bits'> | undefined {
  const bits = modulus === undefined ? 0 : bitLength(modulus);
  return bits > 0 && bits <= 65_536 ? { algorithm, bits } : undefined;
}

function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
