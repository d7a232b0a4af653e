import { calculateJwkThumbprint, CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { sha256 } from '../../digest.ts';
import { toId } from '../../ids.ts';
import { type Instant, toNumericDate } from '../../time.ts';

/** What may be wrong with a document on purpose. Undefined takes a member away. */
export interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: CryptoKey | Uint8Array;
}

export const issuer = 'https://trust.example';
export const audience = 'https://app.example';
export const start: Instant = Date.UTC(2026, 10, 21, 9, 30);

export function idOf(kind: Parameters<typeof toId>[0]): string {
  return toId(kind, randomUUID());
}

async function sign(header: Record<string, unknown>, claims: Record<string, unknown>, key: CryptoKey | Uint8Array) {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  return await new CompactSign(bytes).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
}

/** An issuer and a device with real keys, which sign whatever a test asks for. */
export class FakeIssuer {
  readonly device = idOf('device');
  readonly owner = idOf('user');
  jwks: { keys: JWK[] } = { keys: [] };
  signalJwks: { keys: JWK[] } = { keys: [] };
  tokenKey!: CryptoKey;
  signalKey!: CryptoKey;
  deviceKey!: CryptoKey;
  deviceJwk!: JWK;
  jkt = '';

  static async make(): Promise<FakeIssuer> {
    const made = new FakeIssuer();
    await made.rotate('t1');
    const signal = await generateKeyPair('RS256', { extractable: true });
    made.signalKey = signal.privateKey;
    made.signalJwks.keys.push({ ...(await exportJWK(signal.publicKey)), kid: 's1', alg: 'RS256', use: 'sig' });
    const device = await generateKeyPair('ES256', { extractable: true });
    made.deviceKey = device.privateKey;
    made.deviceJwk = await exportJWK(device.publicKey);
    made.jkt = await calculateJwkThumbprint(made.deviceJwk);
    return made;
  }

  /** Signs tokens with a new key from now on. */
  async rotate(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    this.tokenKey = privateKey;
    this.jwks.keys.unshift({ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' });
  }

  claims(now: Instant): Record<string, unknown> {
    const iat = toNumericDate(now);
    return {
      iss: issuer,
      aud: audience,
      sub: this.device,
      owner: this.owner,
      client_id: this.device,
      device_id: this.device,
      acr: 'urn:postern:posture:compliant',
      iat,
      exp: iat + 300,
      jti: idOf('accessToken'),
      cnf: { jkt: this.jkt },
      posture: { status: 'compliant', at: iat - 10, att: 7 },
    };
  }

  token(now: Instant, forgery: Forgery = {}): Promise<string> {
    const kid = this.jwks.keys[0]?.kid;
    const claims = { ...this.claims(now), ...forgery.claims };
    return sign({ typ: 'at+jwt', kid, ...forgery.header }, claims, forgery.key ?? this.tokenKey);
  }

  proof(
    call: { now: Instant; token: string; method?: string; url?: string; nonce?: string },
    forgery: Forgery = {},
  ): Promise<string> {
    const claims = {
      jti: randomUUID(),
      htm: call.method ?? 'GET',
      htu: call.url ?? `${audience}/things`,
      iat: toNumericDate(call.now),
      ath: sha256(call.token),
      ...(call.nonce === undefined ? {} : { nonce: call.nonce }),
      ...forgery.claims,
    };
    return sign({ typ: 'dpop+jwt', jwk: this.deviceJwk, ...forgery.header }, claims, forgery.key ?? this.deviceKey);
  }

  /** A Security Event Token for the receiver `gw_1`. */
  async set(
    now: Instant,
    event: { type: string; subject: Record<string, unknown>; body?: Record<string, unknown> },
    forgery: Forgery = {},
  ): Promise<{ jti: string; text: string }> {
    const iat = toNumericDate(now);
    const jti = idOf('signal');
    const claims = {
      iss: issuer,
      aud: 'gw_1',
      iat,
      jti,
      txn: 'x1',
      sub_id: event.subject,
      events: { [event.type]: { event_timestamp: iat, ...event.body } },
      ...forgery.claims,
    };
    const header = { typ: 'secevent+jwt', alg: 'RS256', kid: 's1', ...forgery.header };
    return { jti, text: await sign(header, claims, forgery.key ?? this.signalKey) };
  }

  /** The subject of a signal about this device, or about a session of it. */
  subject(session?: string): Record<string, unknown> {
    return {
      format: 'complex',
      device: { format: 'iss_sub', iss: issuer, sub: this.device },
      ...(session === undefined ? {} : { session: { format: 'opaque', id: session } }),
    };
  }
}
