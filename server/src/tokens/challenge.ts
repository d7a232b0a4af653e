import { challengeAnswerSchema } from '@postern/shared/protocol/attestation';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { challengeHeader } from './client-authentication/index.ts';

/** `POST /oauth/challenge`: a nonce for the next proof or attestation. Nothing is stored for it. */
export function challengeEndpoint({ nonces }: Pick<Deps, 'nonces'>): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/oauth/challenge',
    summary: 'Ask for a nonce',
    audience: 'open',
    rate: 'challenge',
    replies: { 200: challengeAnswerSchema },
    errors: [],
    async handle({ now }) {
      const nonce = nonces.issue(now);
      return {
        status: 200,
        headers: { 'Cache-Control': 'no-store', 'DPoP-Nonce': nonce, [challengeHeader]: nonce },
        body: { attestation_challenge: nonce, server_time: toTimestamp(now) },
      };
    },
  });
}
