import { Fault } from '@postern/shared/protocol/errors';
import { type TokenRequest, tokenTypes } from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Spent } from '../spent.ts';
import type { PersonSubject } from '../subject.ts';
import type { ActorTokens } from './actor-token.ts';
import type { Authorization, GrantType } from './grant-type.ts';
import { malformed, required } from './required.ts';

/** One kind of token that shows that a person is there. */
export interface SubjectTokenType {
  /** `subject_token_type`. */
  type: string;
  /**
   * Whether it is the owner of this device who signed in, since when and until when.
   *
   * @throws Fault
   */
  read(token: string, facts: DeviceFacts, now: Instant): Promise<ShownSubject>;
}

export interface ShownSubject {
  subject: PersonSubject;
  /** What is used up with the token that is issued. */
  uses: readonly Spent[];
}

/**
 * RFC 8693: a token that shows that a person is there becomes one for them, in which the device acts. The device is the
 * client that authenticated, and the new token is bound to its key: the proof is asked for whatever the grant.
 */
export function tokenExchange(subjectTokens: readonly SubjectTokenType[], actorTokens: ActorTokens): GrantType {
  return {
    name: 'urn:ietf:params:oauth:grant-type:token-exchange',
    fromFacts: false,
    errors: [
      'malformed_request',
      'token_type_unsupported',
      'subject_token_invalid',
      'subject_token_expired',
      'subject_token_used',
      'subject_email_unverified',
      'subject_other_device',
      'subject_not_owner',
      'actor_token_invalid',
      'assertion_replayed',
      'identity_provider_unavailable',
    ],
    async authorize({ body, facts, attempt }): Promise<Authorization> {
      const { now } = attempt;
      const { requested_token_type: requested = tokenTypes.accessToken } = body;
      if (requested !== tokenTypes.accessToken) throw new Fault('token_type_unsupported');
      // There are no names of services besides resources (section 2.1): with both, the token would be for two.
      if (body.audience !== undefined) throw new Fault('resource_unknown');
      const token = required(body, 'subject_token');
      const type = required(body, 'subject_token_type');
      const kind = subjectTokens.find((each) => each.type === type);
      if (kind === undefined) throw new Fault('token_type_unsupported');

      const actor = actorTokenOf(body);
      const shownByActor = actor === undefined ? undefined : await actorTokens.verify(actor, body, facts, now);
      if (shownByActor !== undefined) attempt.spent.push(shownByActor);

      const { subject, uses } = await kind.read(token, facts, now);
      // Less than a second of it would be a token that is over.
      if (subject.until < now + second) throw new Fault('subject_token_expired');
      return { subject, resource: body.resource, uses, answer: { issued_token_type: tokenTypes.accessToken } };
    },
  };
}

/** Section 2.1: the type comes with the token, and never alone. */
function actorTokenOf(body: TokenRequest): string | undefined {
  if (body.actor_token === undefined) {
    if (body.actor_token_type !== undefined) throw malformed('actor_token_type', 'must be absent without actor_token');
    return undefined;
  }
  if (required(body, 'actor_token_type') !== tokenTypes.jwt) throw new Fault('token_type_unsupported');
  return body.actor_token;
}
