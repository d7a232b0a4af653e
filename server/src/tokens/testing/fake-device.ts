import { calculateJwkThumbprint, CompactSign, type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { sha256 } from '@postern/shared/digest';
import { type PublicJwk, publicJwkSchema } from '@postern/shared/protocol/jwk';
import type { Instant } from '@postern/shared/time';

type Members = Record<string, unknown>;

/** A device that holds a real key, and signs what a test asks of it. */
export interface FakeDevice {
  id: string;
  jwk: PublicJwk;
  jkt: string;
  sign(header: Members, claims: Members): Promise<string>;
  /** A proof that is good for the request; `change` makes it another. Undefined members are left out. */
  proof(
    request: { method: string; url: string; nonce: string; now: Instant },
    change?: { header?: Members; claims?: Members },
  ): Promise<string>;
  assertion(audience: string, now: Instant, change?: { header?: Members; claims?: Members }): Promise<string>;
}

let made = 0;

export async function fakeDevice(): Promise<FakeDevice> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(pair.publicKey);
  const jwk = publicJwkSchema.parse({ kty, crv, x, y });
  made += 1;
  const id = `dev_${made.toString(16).padStart(32, '0')}`;
  let proofs = 0;
  const sign = (header: Members, claims: Members) => signAs(pair.privateKey, header, claims);
  return {
    id,
    jwk,
    jkt: await calculateJwkThumbprint(jwk),
    sign,
    proof({ method, url, nonce, now }, { header, claims } = {}) {
      proofs += 1;
      return sign(
        { typ: 'dpop+jwt', alg: 'ES256', jwk, ...header },
        { jti: sha256(`${id}/${proofs}`), htm: method, htu: url, iat: Math.floor(now / 1000), nonce, ...claims },
      );
    },
    assertion(audience, now, { header, claims } = {}) {
      proofs += 1;
      const iat = Math.floor(now / 1000);
      return sign(
        { alg: 'ES256', ...header },
        { iss: id, sub: id, aud: audience, jti: sha256(`${id}/${proofs}`), iat, exp: iat + 60, ...claims },
      );
    },
  };
}

async function signAs(key: CryptoKey, header: Members, claims: Members): Promise<string> {
  const payload = Buffer.from(JSON.stringify(claims));
  const protectedHeader = JSON.parse(JSON.stringify(header)) as { alg: string };
  if (protectedHeader.alg === 'ES256' && !('crit' in protectedHeader)) {
    return new CompactSign(payload).setProtectedHeader(protectedHeader).sign(key);
  }
  // jose signs nothing that it would not verify: what an attacker sends is put together by hand.
  const signed = await new CompactSign(payload).setProtectedHeader({ alg: 'ES256' }).sign(key);
  const [, body = '', signature = ''] = signed.split('.');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}.${signature}`;
}
