import {
  calculateJwkThumbprint,
  CompactSign,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
} from 'jose';
import { sha256 } from '@postern/shared/digest';
import { attestationProfile, attestationType } from '@postern/shared/protocol/attestation';
import { mostAsked } from '@postern/shared/protocol/device';
import { clientAssertionType } from '@postern/shared/protocol/token';
import { keyProofType } from '@postern/shared/protocol/enrollment';
import { type PublicJwk, publicJwkSchema } from '@postern/shared/protocol/jwk';
import type { Readings } from '@postern/shared/protocol/reading';
import { type Instant, toNumericDate, toTimestamp } from '@postern/shared/time';
import { systemRandom } from '../../random.ts';

/** What may be wrong with a document on purpose. Claims and header members given here replace the right ones. */
export interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** Signs instead of the device's own key. */
  key?: CryptoKey;
}

export interface AttestationWish extends Forgery {
  readings: Readings;
  nonce: string;
  now: Instant;
}

interface Position {
  seq: number;
  hash: string | null;
}

/** A device with a real P-256 key, as an agent would be: it signs whatever a test asks it to sign. */
/** The same readings, taken just now: what was read long ago is no evidence. */
function takenAt(readings: Readings, now: Instant): Readings {
  const collectedAt = toTimestamp(now);
  return Object.fromEntries(Object.entries(readings).map(([check, reading]) => [check, { ...reading, collectedAt }]));
}

export class FakeDevice {
  readonly jwk: PublicJwk;
  readonly jkt: string;
  readonly issuer: string;
  readonly #key: CryptoKey;
  /** Given at enrollment. */
  id = '';
  /** The last attestation that it signed. */
  position: Position = { seq: 0, hash: null };
  /** Hashes of the attestations that it signed last. */
  signed: readonly string[] = [];

  private constructor(issuer: string, key: CryptoKey, jwk: PublicJwk, jkt: string) {
    this.issuer = issuer;
    this.#key = key;
    this.jwk = jwk;
    this.jkt = jkt;
  }

  /** Makes a device with a new key, or with one that somebody else uses too. */
  static async make(issuer: string, keys?: GenerateKeyPairResult): Promise<FakeDevice> {
    const { privateKey, publicKey } = keys ?? (await generateKeyPair('ES256', { extractable: true }));
    const jwk = publicJwkSchema.parse(await exportJWK(publicKey));
    return new FakeDevice(issuer, privateKey, jwk, await calculateJwkThumbprint(jwk, 'sha256'));
  }

  /** A second machine with the same key and the same state: a restored backup, a copied disk, a thief. */
  clone(): FakeDevice {
    const copy = new FakeDevice(this.issuer, this.#key, this.jwk, this.jkt);
    copy.id = this.id;
    copy.position = { ...this.position };
    copy.signed = this.signed;
    return copy;
  }

  /** Signs a JWS with the device key. A text is signed as it is. */
  async sign(
    header: Record<string, unknown>,
    claims: Record<string, unknown> | string,
    key: CryptoKey = this.#key,
  ): Promise<string> {
    const text = typeof claims === 'string' ? claims : JSON.stringify(claims);
    return await new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'ES256', ...header })
      .sign(key);
  }

  /** The proof of possession that finishes an enrollment. */
  async keyProof(enrollment: { id: string; challenge: string }, now: Instant, forgery: Forgery = {}): Promise<string> {
    return await this.sign(
      { typ: keyProofType, jwk: this.jwk, ...forgery.header },
      { aud: this.issuer, iat: toNumericDate(now), nonce: enrollment.challenge, sub: enrollment.id, ...forgery.claims },
      forgery.key,
    );
  }

  /** Signs the next attestation of its history, and goes on from it. */
  async attest(wish: AttestationWish): Promise<string> {
    const claims: Record<string, unknown> = {
      iss: this.id,
      aud: this.issuer,
      iat: toNumericDate(wish.now),
      eat_nonce: wish.nonce,
      eat_profile: attestationProfile,
      swname: 'postern-agent',
      swversion: '0.1.0',
      seq: this.position.seq + 1,
      prev: this.position.hash,
      readings: takenAt(wish.readings, wish.now),
      ...wish.claims,
    };
    const jws = await this.sign({ typ: attestationType, kid: this.jkt, ...wish.header }, claims, wish.key);
    const hash = sha256(jws);
    this.position = { seq: Number(claims.seq), hash };
    this.signed = [...this.signed, hash].slice(-mostAsked);
    return jws;
  }

  /**
   * Goes on from what the backend says it accepted last (`GET /v1/device?sent=` and what it signed). The hash is null
   * when that is neither an attestation of its own nor a fresh start: then somebody else holds its key, and what it
   * signs next will show it.
   */
  resync(accepted: Position | null): void {
    this.position = accepted === null ? { seq: 0, hash: null } : { seq: accepted.seq, hash: accepted.hash };
  }

  /** A DPoP proof (RFC 9449). */
  async dpopProof(
    call: { method: string; url: string; nonce: string; now: Instant; accessToken?: string } & Forgery,
  ): Promise<string> {
    return await this.sign(
      { typ: 'dpop+jwt', jwk: this.jwk, ...call.header },
      {
        htm: call.method,
        htu: call.url,
        iat: toNumericDate(call.now),
        jti: systemRandom.uuid(),
        nonce: call.nonce,
        ...(call.accessToken === undefined ? {} : { ath: sha256(call.accessToken) }),
        ...call.claims,
      },
      call.key,
    );
  }

  /** The parameters of `private_key_jwt` (RFC 7523). */
  async clientAssertion(
    now: Instant,
    forgery: Forgery = {},
  ): Promise<{ client_assertion_type: string; client_assertion: string }> {
    const iat = toNumericDate(now);
    const claims = {
      iss: this.id,
      sub: this.id,
      aud: this.issuer,
      iat,
      exp: iat + 60,
      jti: systemRandom.uuid(),
      ...forgery.claims,
    };
    const assertion = await this.sign({ typ: 'JWT', kid: this.jkt, ...forgery.header }, claims, forgery.key);
    return { client_assertion_type: clientAssertionType, client_assertion: assertion };
  }
}
