import type { AccessTokenClaims } from '../protocol/token.ts';

/** Headers as Node gives them (any case, `headersDistinct` rather than `headers`), or those of the Fetch standard. */
export type RequestHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as the gateway judges it. */
export interface GatewayRequest {
  method: string;
  /** Path and query as they were sent, or the whole address. The `Host` header has no say: see `publicUrl`. */
  url: string;
  headers: RequestHeaders;
}

/** What a route demands beyond a good token. */
export interface Requirements {
  /** Any of these authentication context classes will do (RFC 9470). */
  acrValues?: readonly string[];
  /** How many seconds ago the device may have been looked at. */
  maxAge?: number;
  /** Any of these roles will do. */
  roles?: readonly string[];
}

export interface Allowed {
  ok: true;
  claims: AccessTokenClaims;
  /** The protected header of the token. */
  header: Readonly<Record<string, unknown>>;
  token: string;
  /** To be sent with the answer. */
  headers: Readonly<Record<string, string>>;
  /** What the backend said in headers (mode `decision`): `X-Auth-Request-User` and its like, names in lower case. */
  identity: Readonly<Record<string, string>>;
}

export interface Denied {
  ok: false;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** One line that the caller may read. */
  reason: string;
  body: string;
}

export type Outcome = Allowed | Denied;

/** What the operator should hear of. The text holds no secret and no token. */
export interface Problem {
  code:
    | 'backend_unavailable'
    | 'backend_overloaded'
    | 'credentials_refused'
    | 'allowed_unexpired'
    | 'binding_not_checked'
    | 'replay_store'
    | 'signals_unavailable'
    | 'signals_stale'
    | 'signal_refused'
    | 'internal';
  message: string;
}
export type OnProblem = (problem: Problem) => void;
