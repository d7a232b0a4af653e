import type { TokenRequest } from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import { acrOf } from './access-token.ts';
import type { Granted } from './decide.ts';
import type { PersonSubject } from './subject.ts';

/**
 * Whether a token that was granted would be as good as the request wants it, which repeats a gateway's challenge (RFC 9470
 * section 4). A token that is less would only be challenged again. Pure.
 *
 * `acr_values`: one of them, as gateways compare. `max_age`: of the evidence, and of the sign-in where there is a person.
 */
export function meetsRequirements(
  { acr_values: acrValues, max_age: maxAge }: Pick<TokenRequest, 'acr_values' | 'max_age'>,
  decision: Granted,
  subject: { kind: 'device' } | Pick<PersonSubject, 'kind' | 'authenticatedAt'>,
  now: Instant,
): boolean {
  if (acrValues !== undefined && !acrValues.split(' ').includes(acrOf(decision))) return false;
  if (maxAge === undefined) return true;
  const oldest = now - Number(maxAge) * second;
  return decision.evidence.receivedAt >= oldest && (subject.kind === 'device' || subject.authenticatedAt >= oldest);
}
