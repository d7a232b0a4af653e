import { securityEventType } from '@postern/shared/protocol/signal';
import { type Instant, toNumericDate } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Database } from '../storage/database.ts';

export type EventRow = Database['ssf_events'];
export type HandOverDeps = Pick<Deps, 'signalKeys'> & { config: Pick<Deps['config'], 'issuer'> };

/**
 * The Security Event Token of an event (RFC 8417; SSF section 4.1): no `sub`, no `exp`. It is signed when it is handed over, so
 * that it is by a key that is in force then, however long it waited; its id stays.
 */
export async function securityEventToken(
  { signalKeys, config }: HandOverDeps,
  event: Pick<EventRow, 'jti' | 'claims' | 'created_at'>,
  audience: string,
  now: Instant,
): Promise<string> {
  const claims = JSON.parse(event.claims) as Record<string, unknown>;
  const own = { iss: config.issuer, jti: event.jti, iat: toNumericDate(event.created_at), aud: audience };
  return await signalKeys.sign({ ...own, ...claims }, securityEventType, now);
}
