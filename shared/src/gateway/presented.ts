import { requestAddress } from './address.ts';
import { Refusal } from './refusal.ts';
import type { GatewayRequest, RequestHeaders } from './types.ts';

/** What a request brought along. */
export interface Presented {
  token: string;
  scheme: 'dpop' | 'bearer';
  /** Every `DPoP` header; there must be one (RFC 9449 section 4.3, check 1). */
  proofs: readonly string[];
  method: string;
  /** The whole address, as the caller sees it. */
  url: string;
}

const credentials = /^(dpop|bearer) +(\S+)$/i;

/**
 * Reads token, proof and address.
 *
 * @param boundOnly a token must come with the DPoP scheme
 * @throws Refusal
 */
export function readPresented(request: GatewayRequest, publicUrl: URL, boundOnly: boolean): Presented {
  const url = requestAddress(publicUrl, request.url);
  if (url === undefined) throw new Refusal('request_malformed');
  const authorizations = valuesOf(request.headers, 'authorization');
  if (authorizations.length > 1) throw new Refusal('token_ambiguous');
  if (authorizations[0] === undefined) throw new Refusal('token_missing');
  const [, scheme, token] = credentials.exec(authorizations[0]) ?? [];
  if (scheme === undefined || token === undefined) throw new Refusal('token_missing');
  const bearer = scheme.toLowerCase() === 'bearer';
  if (bearer && boundOnly) throw new Refusal('bearer_downgrade');
  return {
    token,
    scheme: bearer ? 'bearer' : 'dpop',
    proofs: valuesOf(request.headers, 'dpop'),
    method: request.method,
    url,
  };
}

/** The values of a header, under whatever case it was given. */
export function valuesOf(headers: RequestHeaders, name: string): string[] {
  if (headers instanceof Headers) {
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  return Object.entries(headers)
    .filter(([each]) => each.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}
