/** What a receiver may say is wrong with a Security Event Token (RFC 8935 section 2.4, SSF section 8.1.4.1). */
const known = new Set([
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
  'invalid_state',
  'jwtParse',
  'jwtHdr',
  'jwtCrypto',
  'jws',
  'jwe',
  'jwtAud',
  'jwtIss',
  'setType',
  'setParse',
  'setData',
  'dup',
]);

/** Its code, when it is one of those: what else it writes is shown to nobody. */
export function receiverError(err: unknown): string {
  return typeof err === 'string' && known.has(err) ? err : 'an error that is not of RFC 8935';
}
