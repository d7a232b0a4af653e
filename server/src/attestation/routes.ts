import { z } from 'zod';
import { attestationAnswerSchema, attestationMediaType } from '@postern/shared/protocol/attestation';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { maxDocumentLength } from './document.ts';
import { createReceiver, type ReceiveDeps } from './receive.ts';

/** Endpoints of this capability. */
export function attestationRoutes(deps: ReceiveDeps): AnyRoute[] {
  const receive = createReceiver(deps);
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/attestations',
      summary:
        'Report posture: an EAT (RFC 9711) over all readings, signed by the device key; the answer is the verdict',
      // The signature of the attestation is the authentication.
      audience: 'open',
      rate: 'attestation',
      // Its form is judged with the rest of it, so that every refusal of an attestation has its own code.
      body: {
        type: 'jws',
        mediaType: attestationMediaType,
        maxBytes: maxDocumentLength,
        schema: z.string().meta({ description: 'Compact JWS' }),
      },
      replies: { 200: attestationAnswerSchema },
      errors: [
        'attestation_malformed',
        'attestation_algorithm',
        'attestation_foreign_key',
        'attestation_signature',
        'attestation_audience',
        'attestation_nonce',
        'attestation_from_future',
        'attestation_too_old',
        'attestation_replayed',
        'attestation_rolled_back',
        'attestation_forked',
        'attestation_hardware_changed',
        'attestation_hardware_barred',
        'device_pending',
        'device_suspended',
        'device_retired',
        'device_quarantined',
        'conflict',
        'too_many_requests',
      ],
      async handle({ body, remoteAddress, now }) {
        return { status: 200, body: await receive({ jws: body, remoteAddress }, now) };
      },
    }),
  ];
}
