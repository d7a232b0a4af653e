import { type CryptoKey, base64url, CompactSign, exportJWK, exportSPKI, type JWK, importJWK } from 'jose';

/** How an attacker signs: not at all, with a text that everybody knows, or with a key of their own. */
type Signer = { none: true } | { secret: string } | { key: CryptoKey };

interface Changes {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
}

/** Takes a genuine JWS and gives it another signature, and whatever else an attacker wants to be different. */
export async function resigned(genuine: string, signer: Signer, { header, claims }: Changes = {}): Promise<string> {
  const alg = 'none' in signer ? 'none' : 'secret' in signer ? 'HS256' : 'ES256';
  const newHeader = { ...partOf(genuine, 0), ...header, alg };
  const newClaims = JSON.stringify({ ...partOf(genuine, 1), ...claims });
  if ('none' in signer) return `${base64url.encode(JSON.stringify(newHeader))}.${base64url.encode(newClaims)}.`;
  // `crit` must be understood by whoever signs; whether by the reader is what a test asks.
  const crit = Object.fromEntries(((newHeader as { crit?: string[] }).crit ?? []).map((name) => [name, true]));
  return new CompactSign(new TextEncoder().encode(newClaims))
    .setProtectedHeader(newHeader)
    .sign('secret' in signer ? new TextEncoder().encode(signer.secret) : signer.key, { crit });
}

/** A text that stands for the public key, as programs that confuse algorithms would take for the secret of HS256. */
export async function publicKeyTexts(jwk: JWK): Promise<string[]> {
  const key = await importJWK(jwk, 'ES256', { extractable: true });
  if (key instanceof Uint8Array) throw new Error('not a public key');
  return [await exportSPKI(key), JSON.stringify(await exportJWK(key))];
}

/** The same JWS with one bit of its signature turned over. */
export function withOtherSignatureBit(jws: string, bit = 7): string {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const bytes = base64url.decode(signature);
  const place = bit >> 3;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit & 7));
  return [header, payload, base64url.encode(bytes)].join('.');
}

export function partOf(jws: string, index: 0 | 1): Record<string, unknown> {
  const part = jws.split('.')[index] ?? '';
  return JSON.parse(new TextDecoder().decode(base64url.decode(part))) as Record<string, unknown>;
}
