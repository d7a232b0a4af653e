import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { lstat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { publicJwkSchema } from '@postern/shared/protocol/jwk';
import { PrivateFileError } from '../state/private-file-error.ts';
import { readPrivateFile, writeNewPrivateFile } from '../state/private-file.ts';
import { privateFolder } from '../state/private-folder.ts';
import { type DeviceKey, KeyError, type KeyProvider, type KeyRef } from './provider.ts';
import { thumbprintOf } from './thumbprint.ts';

const fileName = 'device.key';
const privateJwkSchema = publicJwkSchema.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const signAsync = promisify(sign);

/**
 * Key provider `file`: a private JWK in the data folder, for its owner alone. The last choice: whoever reads
 * the file is the device. It refuses a file that others could have read or replaced.
 */
export function fileKeyProvider(dataFolder: string): KeyProvider {
  const path = join(dataFolder, fileName);

  return {
    id: 'file',
    place: path,
    async probe() {
      return { available: true };
    },
    async leftover() {
      try {
        return refOf(deviceKeyOf(await readKey(path)));
      } catch (error) {
        if (error instanceof KeyError && error.code === 'key-missing') return undefined;
        throw error;
      }
    },
    async create() {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const jwk = privateJwkSchema.parse(privateKey.export({ format: 'jwk' }));
      await privateFolder(dataFolder);
      try {
        await writeNewPrivateFile(path, `${JSON.stringify(jwk)}\n`);
      } catch (error) {
        if (!isExisting(error)) throw error;
        throw new KeyError(
          'key-exists',
          `There is a device key already: ${path}. It is never overwritten. To start over: postern-agent forget --yes`,
        );
      }
      return refOf({ thumbprint: thumbprintOf(jwk) });
    },
    async load(ref) {
      const key = deviceKeyOf(await readKey(path));
      if (key.thumbprint !== ref.thumbprint) {
        throw new KeyError(
          'key-changed',
          `${path} holds another key than the one that was enrolled. Put the right file back, or start over: postern-agent forget --yes, then enroll.`,
        );
      }
      return key;
    },
    async exists() {
      return (await lstat(path).catch(() => undefined)) !== undefined;
    },
    async remove() {
      await unlink(path).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
    },
  };
}

function refOf({ thumbprint }: { thumbprint: string }): KeyRef {
  return { provider: 'file', thumbprint, handle: { file: fileName } };
}

const codes = {
  absent: 'key-missing',
  unsafe: 'key-unsafe',
  unreadable: 'key-unreadable',
  unwritable: 'key-unreadable',
} as const;

async function readKey(path: string): Promise<KeyObject> {
  let text: string;
  try {
    text = await readPrivateFile(path);
  } catch (error) {
    if (!(error instanceof PrivateFileError)) throw error;
    throw new KeyError(codes[error.kind], error.message, { cause: error });
  }
  try {
    const jwk = privateJwkSchema.parse(JSON.parse(text));
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    // The cause is left out on purpose: what could not be parsed may be part of a private key.
    throw new KeyError(
      'key-unreadable',
      `${path} does not hold a P-256 private key. Restore it, or start over: postern-agent forget --yes, then enroll.`,
    );
  }
}

function deviceKeyOf(privateKey: KeyObject): DeviceKey {
  const { kty, crv, x, y } = privateKey.export({ format: 'jwk' });
  const publicJwk = publicJwkSchema.parse({ kty, crv, x, y });
  return {
    publicJwk,
    thumbprint: thumbprintOf(publicJwk),
    sign: (message) => signAsync('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
