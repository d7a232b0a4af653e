import type { Config } from '../config.ts';

export interface RelyingParty {
  /** RP ID: the host of the issuer. Browsers take names and `localhost`, no IP addresses (WebAuthn section 5.1.3). */
  id: string;
  origin: string;
  name: string;
}

export function relyingParty({ issuer }: Pick<Config, 'issuer'>): RelyingParty {
  const { hostname, origin } = new URL(issuer);
  return { id: hostname, origin, name: 'Postern' };
}

/** What an authenticator keeps for the person, base64url: opaque, and no personal text (WebAuthn section 5.4.3). */
export function userHandleOf(personId: string): string {
  return Buffer.from(personId, 'utf8').toString('base64url');
}
