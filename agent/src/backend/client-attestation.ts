import { z } from 'zod';
import { compactJwsSchema } from '@postern/shared/protocol/jwk';
import { clientAttestationAnswerSchema } from '@postern/shared/protocol/token';
import { fromTimestamp, second, toTimestamp } from '@postern/shared/time';
import type { ClientAttestationStore } from '../state/client-attestation.ts';
import { BackendRefusal } from './faults.ts';
import { proverOf, type Session } from './session.ts';

/** One that ends sooner may have ended when it arrives. */
const marginMs = 10 * second;
/** It goes into a header. */
const longest = 4096;

const answerSchema = clientAttestationAnswerSchema.extend({
  client_attestation: compactJwsSchema.max(longest),
  expires_in: z.int().min(0),
});

/**
 * The client attestation of this device: the one that it holds while that is fresh, otherwise a new one
 * (`POST /oauth/client-attestation`).
 *
 * @returns undefined when the backend gives none: it knows none, or the device is not fine for everything
 * @throws BackendUnreachable
 */
export async function clientAttestationOf(
  session: Session,
  store: ClientAttestationStore,
): Promise<string | undefined> {
  const { backend, key, state } = session;
  const { issuer } = state.server;
  const kept = await store.load();
  if (kept !== undefined && kept.issuer === issuer && kept.thumbprint === key.thumbprint) {
    if (fromTimestamp(kept.expiresAt) > backend.now() + marginMs) return kept.attestation;
  }
  try {
    const { client_attestation: attestation, expires_in: life } = await backend.call({
      method: 'POST',
      path: '/oauth/client-attestation',
      answer: answerSchema,
      prover: proverOf(session),
    });
    const expiresAt = toTimestamp(backend.now() + life * second);
    await store.save({ issuer, thumbprint: key.thumbprint, attestation, expiresAt });
    return attestation;
  } catch (error) {
    if (error instanceof BackendRefusal) return undefined;
    throw error;
  }
}
