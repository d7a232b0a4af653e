import { LRUCache } from 'lru-cache';
import { Fault } from '@postern/shared/protocol/errors';
import { clientAttestationClaimsSchema, clientAttestationType } from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { openJws, thumbprintOf } from '../../jws/index.ts';
import type { SigningKeys } from '../signing-keys.ts';

/** A client attestation that this server signed. */
export interface ClientAttestation {
  deviceId: string;
  /** Thumbprint of the key that it attests. */
  jkt: string;
  expiresAt: Instant;
  /** The key that signed it. */
  kid: string;
}

export interface ClientAttestations {
  /**
   * Verifies a client attestation, once: it is remembered by its exact text while it is good and its key is published.
   *
   * @returns at once where it was verified before
   * @throws Fault `client_attestation_invalid`, `client_attestation_expired`
   */
  read(text: string, now: Instant): ClientAttestation | Promise<ClientAttestation>;
}

/** About 1 kB each. One for each device that asks for tokens now. */
const remembered = 20_000;
const maxLength = 2048;

/** One for a server. */
export function createClientAttestations({
  config: { issuer },
  signingKeys,
}: {
  config: Pick<Deps['config'], 'issuer'>;
  signingKeys: Pick<SigningKeys, 'verify' | 'isPublished'>;
}): ClientAttestations {
  const verified = new LRUCache<string, ClientAttestation>({ max: remembered });

  async function verify(text: string, now: Instant): Promise<ClientAttestation> {
    const kid = text.length > maxLength ? undefined : openJws(text, maxLength)?.header['kid'];
    if (typeof kid !== 'string') throw invalid('not a compact JWS with kid');
    const payload = await signingKeys.verify(text, clientAttestationType);
    if (payload === undefined) throw invalid('not signed by a key of ours, or of another type');
    const claims = clientAttestationClaimsSchema.safeParse(payload).data;
    if (claims === undefined || claims.iss !== issuer)
      throw invalid('claims are missing, malformed or of another issuer');
    const { sub, exp, cnf } = claims;
    const attestation = { deviceId: sub, jkt: thumbprintOf(cnf.jwk), expiresAt: exp * second, kid };
    refuseExpired(attestation, now);
    verified.set(text, attestation);
    return attestation;
  }

  return {
    read(text, now) {
      const known = verified.get(text);
      if (known === undefined) return verify(text, now);
      // After an emergency its signature is worth nothing any more, however often it was verified before.
      if (!signingKeys.isPublished(known.kid)) {
        verified.delete(text);
        throw invalid('its key was withdrawn');
      }
      refuseExpired(known, now);
      return known;
    },
  };
}

function refuseExpired({ expiresAt }: ClientAttestation, now: Instant): void {
  if (expiresAt <= now) throw new Fault('client_attestation_expired');
}

function invalid(cause: string): Fault {
  return new Fault('client_attestation_invalid', { cause });
}
