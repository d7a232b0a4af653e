import type { AccessTokenClaims } from '../protocol/token.ts';
import { type Instant, second } from '../time.ts';
import { Refusal } from './refusal.ts';
import type { Requirements } from './types.ts';

/**
 * Holds a good token to what a route demands.
 *
 * @throws Refusal `step_up_required` with the challenge of RFC 9470 section 3, `role_missing`
 */
export function checkRequirements(claims: AccessTokenClaims, { acrValues, maxAge, roles }: Requirements, now: Instant) {
  const standsTooLow = acrValues !== undefined && !acrValues.includes(claims.acr);
  const oldest = now / second - (maxAge ?? Infinity);
  // Of a person who is present, their sign-in counts as well as the state of their device.
  const signedInAt = claims.act === undefined ? Infinity : (claims.auth_time ?? -Infinity);
  const seenTooLongAgo = maxAge !== undefined && Math.min(claims.posture.at, signedInAt) < oldest;
  if (standsTooLow || seenTooLongAgo) {
    const parameters = {
      ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
      ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
    };
    throw new Refusal('step_up_required', { parameters });
  }
  const held = claims.roles ?? [];
  if (roles !== undefined && !roles.some((role) => held.includes(role))) throw new Refusal('role_missing');
}

/** @throws TypeError for demands that nothing could meet, or that would not go into a header */
export function assertRequirements({ acrValues, maxAge, roles }: Requirements): void {
  // RFC 6749 appendix A.4: what goes into a quoted string.
  if (acrValues?.some((each) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(each)) === true || acrValues?.length === 0)
    throw new TypeError('acrValues must name one class or more, without spaces and quotes.');
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0))
    throw new TypeError('maxAge must be whole seconds.');
  if (roles?.length === 0) throw new TypeError('roles must name one role or more.');
}
