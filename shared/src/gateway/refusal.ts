/**
 * Everything that the library refuses, in one closed list: HTTP status, `error` of the RFC that names one, and the sentence
 * that the caller may read. The sentences stay within the characters of a quoted string (RFC 6750 section 3).
 */
const kinds = {
  request_malformed: {
    status: 400,
    error: 'invalid_request',
    sentence: 'The address of the request is not one that every program reads alike.',
  },
  token_missing: {
    status: 401,
    error: null,
    sentence: 'This needs an access token. Send it with the DPoP scheme, and a DPoP proof.',
  },
  token_ambiguous: { status: 401, error: 'invalid_token', sentence: 'There must be exactly one Authorization header.' },
  token_malformed: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is not one that Postern issues.',
  },
  token_signature: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is not signed by a key of the issuer.',
  },
  token_other_issuer: { status: 401, error: 'invalid_token', sentence: 'The access token is of another issuer.' },
  token_other_audience: { status: 401, error: 'invalid_token', sentence: 'The access token is for another resource.' },
  token_expired: { status: 401, error: 'invalid_token', sentence: 'The access token has expired. Get a new one.' },
  token_too_old: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is older than this resource accepts. Get a new one.',
  },
  token_from_future: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is not valid yet. The clocks of issuer and resource differ.',
  },
  token_ended: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is not good any more: it was revoked, or the device is not trusted now.',
  },
  bearer_downgrade: {
    status: 401,
    error: 'invalid_token',
    sentence: 'This access token is bound to a key. Send it with the DPoP scheme, and a DPoP proof.',
  },
  proof_missing: { status: 401, error: 'invalid_dpop_proof', sentence: 'A DPoP proof is missing.' },
  proof_invalid: { status: 401, error: 'invalid_dpop_proof', sentence: 'The DPoP proof is not valid.' },
  proof_other_key: {
    status: 401,
    error: 'invalid_token',
    sentence: 'The access token is bound to another key than the one of the DPoP proof.',
  },
  proof_other_request: {
    status: 401,
    error: 'invalid_dpop_proof',
    sentence: 'The DPoP proof was made for another request.',
  },
  proof_other_token: {
    status: 401,
    error: 'invalid_dpop_proof',
    sentence: 'The DPoP proof was made for another access token.',
  },
  proof_time: {
    status: 401,
    error: 'invalid_dpop_proof',
    sentence: 'The DPoP proof was made too long ago, or in the future.',
  },
  proof_replayed: { status: 401, error: 'invalid_dpop_proof', sentence: 'The DPoP proof was used before.' },
  nonce_required: { status: 401, error: 'use_dpop_nonce', sentence: 'The DPoP proof needs the nonce of this answer.' },
  step_up_required: {
    status: 401,
    error: 'insufficient_user_authentication',
    sentence: 'The device does not stand well enough for this, or was looked at too long ago.',
  },
  role_missing: {
    status: 403,
    error: 'insufficient_scope',
    sentence: 'The access token does not carry the role that this needs.',
  },
  refused_by_backend: { status: 403, error: 'access_denied', sentence: 'Postern does not let this request in.' },
  unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    sentence: 'The access token cannot be checked now. Try again shortly.',
  },
} as const satisfies Record<string, { status: number; error: string | null; sentence: string }>;

export type RefusalCode = keyof typeof kinds;

/** Why a request is not let in. Internal detail is its `cause`, for the operator alone. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  /** `error` of the RFC; null where nothing was presented at all (RFC 6750 section 3.1). */
  readonly error: string | null;
  /** Further parameters of the challenge. */
  readonly parameters: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, more: { parameters?: Record<string, string>; cause?: unknown } = {}) {
    super(kinds[code].sentence, { cause: more.cause });
    this.name = 'Refusal';
    this.code = code;
    this.status = kinds[code].status;
    this.error = kinds[code].error;
    this.parameters = more.parameters ?? {};
  }
}
