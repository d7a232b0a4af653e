import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { PublicJwk } from '@postern/shared/protocol/jwk';
import type { Instant } from '@postern/shared/time';
import type { Spent } from '../spent.ts';
import type { AssertionParameters } from './client-assertion.ts';

/** The part of a request in which a client shows who it is. */
export interface ClientRequest {
  header: (name: string) => string | undefined;
  body: AssertionParameters;
}

/** One way for a device to authenticate as the OAuth client that it is. A method is one file and one line in index.ts. */
export interface ClientAuthenticationMethod {
  /** As the metadata names it (RFC 8414, `token_endpoint_auth_methods_supported`). */
  name: string;
  errors: readonly ErrorCode[];
  /** Whether the request shows something of this method, good or bad. */
  isUsedBy(request: ClientRequest): boolean;
  /**
   * Which device the request is of. At once where it can be: most requests need not wait for anything.
   *
   * @throws Fault
   */
  read(request: ClientRequest, now: Instant): ClaimedClient | Promise<ClaimedClient>;
}

/** Who the client says it is, and how to find out. */
export interface ClaimedClient {
  deviceId: string;
  /**
   * Checks it against what is stored of that device.
   *
   * @returns what it uses up, beside the DPoP proof
   * @throws Fault
   */
  verify(device: { jwk: PublicJwk; jkt: string }, now: Instant): Spent | undefined;
}
