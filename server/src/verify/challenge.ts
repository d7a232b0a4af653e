import { type ErrorCode, errorKinds, type Fault } from '@postern/shared/protocol/errors';

/** The only answers that every gateway understands: nginx turns any other status into its own 500. */
export type DenialStatus = 401 | 403 | 503;

/** A new token, a new proof, or a new report of the device may help. */
const worthAnotherTry: ReadonlySet<string> = new Set([
  'invalid_token',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'insufficient_user_authentication',
]);

/** A new token may be had once the device has reported again, which agents do by themselves. */
const outdated: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['evidence_stale', 'never_attested']);

/** `error` as RFC 6750 section 3.1, RFC 9449 section 7.1 and RFC 9470 section 3 name it. */
function errorOf({ code }: Fault): string | undefined {
  // RFC 6750 section 3.1: who showed nothing is told no error, only what to show.
  if (code === 'access_token_missing') return undefined;
  if (outdated.has(code)) return 'invalid_token';
  const { oauth } = errorKinds[code];
  if (code === 'gateway_refused' || code === 'gateway_misconfigured') return code;
  if (oauth !== undefined && worthAnotherTry.has(oauth)) return oauth;
  return oauth === 'insufficient_scope' || oauth === 'invalid_request' ? oauth : 'access_denied';
}

export function denialStatus(fault: Fault): DenialStatus {
  if (fault.status >= 500 || fault.status === 429) return 503;
  if (fault.code === 'access_token_missing' || fault.code === 'gateway_refused') return 401;
  return worthAnotherTry.has(errorOf(fault) ?? '') ? 401 : 403;
}

/** `WWW-Authenticate` of a denial. */
export function challengeOf(fault: Fault): string {
  const error = errorOf(fault);
  const { acr_values: acrValues, max_age: maxAge } = fault.members;
  const parameters = [
    ...(error === undefined ? [] : [quoted('error', error), quoted('error_description', fault.message)]),
    ...(typeof acrValues === 'string' ? [quoted('acr_values', acrValues)] : []),
    ...(typeof maxAge === 'number' ? [quoted('max_age', String(maxAge))] : []),
    quoted('algs', 'ES256'),
  ];
  return `DPoP ${parameters.join(', ')}`;
}

/** RFC 9110 section 5.6.4; what RFC 6750 section 3 does not allow within is left out. */
function quoted(name: string, value: string): string {
  return `${name}="${value.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}"`;
}
