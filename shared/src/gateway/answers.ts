import type { Refusal } from './refusal.ts';
import type { Denied } from './types.ts';

/** What a caller is told who is not let in: challenge (RFC 9449 section 7.1, RFC 9470 section 3) and JSON body. */
export function denied(refusal: Refusal, nonce: string | undefined): Denied {
  const { code, status, error, message, parameters } = refusal;
  const challenged = status === 401 || status === 403;
  return {
    ok: false,
    status,
    reason: message,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json',
      ...(challenged ? { 'WWW-Authenticate': challengeOf(error, message, parameters) } : {}),
      ...(status === 503 ? { 'Retry-After': '1' } : {}),
      ...(nonce === undefined ? {} : { 'DPoP-Nonce': nonce }),
      'X-Posture-Reason': message,
    },
    body: JSON.stringify({ error: error ?? 'invalid_token', error_code: code, error_description: message }),
  };
}

function challengeOf(error: string | null, sentence: string, more: Readonly<Record<string, string>>): string {
  const parameters =
    error === null ? { algs: 'ES256' } : { error, error_description: sentence, ...more, algs: 'ES256' };
  return `DPoP ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}
