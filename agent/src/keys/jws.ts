import type { PublicJwk } from '@postern/shared/protocol/jwk';
import type { DeviceKey } from './provider.ts';

interface JwsHeader {
  typ: string;
  kid?: string;
  jwk?: PublicJwk;
}

/**
 * A compact JWS (RFC 7515 section 7.1) by any device key; jose signs only with keys that it holds itself.
 *
 * @param payload the text that is signed, byte for byte
 */
export async function signJws(key: DeviceKey, header: JwsHeader, payload: string): Promise<string> {
  const protectedHeader = JSON.stringify({ alg: 'ES256', ...header });
  const input = `${base64url(protectedHeader)}.${base64url(payload)}`;
  const signature = await key.sign(Buffer.from(input, 'ascii'));
  if (signature.length !== 64) throw new Error('an ES256 signature has 64 bytes');
  return `${input}.${signature.toString('base64url')}`;
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
