import { type CryptoKey, decodeJwt, generateKeyPair } from 'jose';
import { type GatewayPlace, origin } from '../support/gateway-place.ts';
import type { SentRequest } from '../support/gateway-request.ts';
import type { HttpDevice } from '../support/http-device.ts';

/** What a request is made of, where a test wants it to be different. */
export interface Wish extends SentRequest {
  /** What the proof is for, if not for the request itself. */
  proved?: { method?: string; url?: string; accessToken?: string };
  /** Whose proof it is, if not the device's own. */
  by?: HttpDevice;
  /** Sent as it is; null for none. */
  proof?: string | null;
  scheme?: string;
}

/** A request as the device sends it, with its token and a fresh proof. */
export async function provedRequest(place: GatewayPlace, token: string, wish: Wish = {}): Promise<SentRequest> {
  const { method = 'GET', path = '/things?page=2', headers = [], body, scheme = 'DPoP' } = wish;
  const by = wish.by ?? place.device;
  const call = {
    method,
    url: `${origin}${path.split('?')[0] ?? ''}`,
    accessToken: token,
    nonce: await by.nonce(),
    now: place.backend.clock.now(),
    ...wish.proved,
  };
  const proof = wish.proof === undefined ? await by.fake.dpopProof(call) : wish.proof;
  const proofs: [string, string][] = proof === null ? [] : [['DPoP', proof]];
  return {
    method,
    path,
    headers: [['Authorization', `${scheme} ${token}`], ...proofs, ...headers],
    ...(body === undefined ? {} : { body }),
  };
}

/** The claims of a good token, with what is different, signed by the backend's own key. */
export async function signedByBackend(
  { backend, device }: GatewayPlace,
  changes: Record<string, unknown>,
  typ = 'at+jwt',
): Promise<string> {
  const claims = { ...decodeJwt(await device.accessToken(origin)), ...changes };
  return await backend.server.deps.signingKeys.sign(claims, typ, backend.clock.now());
}

/** What an attacker sends; the proof of a bad token is right in every way, and the token of a bad proof. */
export type Attack = (place: GatewayPlace, good: string) => Promise<SentRequest | SentRequest[]>;

export async function stranger(): Promise<CryptoKey> {
  return (await generateKeyPair('ES256')).privateKey;
}

/** Paths that two programs could read as two paths, each with a proof for exactly that text. */
export const doublePaths = ['/open%2f..%2fsecret', '/open/..;/secret', '/open\\..\\secret', '/open#/secret'];

/** Those that a gateway may also bring into their one form first, if that is what it asks about and sends on. */
export const dottedPaths = ['/open/../secret', '/open/%2e%2e/secret', '/open/./secret'];

/** Identity that a client gives itself, in every spelling that an application could take for the gateway's. */
export const spoofed: [string, string][] = [
  'X-Auth-Request-User',
  'X_Auth_Request_User',
  'x_auth-request_user',
  'X-Auth-Request-Email',
  'X_Auth_Request_Email',
  'X-Auth-Request-Groups',
  'X_Auth_Request_Groups',
  'X-Auth-Request-Device',
  'X_Auth_Request_Device',
  'X-Auth-Request-Owner',
  'X_Auth_Request_Owner',
  'X-Auth-Request-Roles',
  'X_Auth_Request_Roles',
  'X-Posture-Status',
  'X_Posture_Status',
  'X-Posture-Reason',
  'X_Posture_Reason',
].map((name) => [name, `spoofed-${name}`]);
