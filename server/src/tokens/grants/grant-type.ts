import type { ErrorCode } from '@postern/shared/protocol/errors';
import type { TokenAnswer, TokenRequest } from '@postern/shared/protocol/token';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Attempt } from '../refusals.ts';
import type { Spent } from '../spent.ts';
import type { Subject } from '../subject.ts';

/** One way to ask for a token. A grant type is one file and one line in index.ts. */
export interface GrantType {
  /** `grant_type`, as the metadata names it. */
  name: string;
  errors: readonly ErrorCode[];
  /** Whether it goes by the request and the facts alone: then it may be asked twice, first about facts that were kept. */
  fromFacts: boolean;
  /**
   * Says who the token would be for. Whether the device may have one is decided afterwards, by its posture, in the same
   * way for all. At once where it can be: `client_credentials` need not wait for anything.
   *
   * @throws Fault
   */
  authorize(request: GrantRequest): Authorization | Promise<Authorization>;
}

/** A token request of a device that has shown who it is. */
export interface GrantRequest {
  body: TokenRequest;
  facts: DeviceFacts;
  /** What is put into `spent` is used up even when the request is refused. */
  attempt: Attempt;
}

export interface Authorization {
  /** A person whose sign-in is over (`until`) must have been refused. */
  subject: Subject;
  resource: string | undefined;
  /** What the token uses up: a refused request leaves it as it is. */
  uses: readonly Spent[];
  /** Further members of the answer. */
  answer: Partial<TokenAnswer>;
}
