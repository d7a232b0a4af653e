import { type IdKind, type Id, toId } from '@postern/shared/ids';
import type { AccessTokenClaims, PostureAcr } from '@postern/shared/protocol/token';
import { type Instant, second, toNumericDate, toTimestamp } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { DeviceFacts } from '../devices/index.ts';
import { type Change, insert } from '../storage/change.ts';
import type { Granted } from './decide.ts';
import type { Subject } from './subject.ts';

/** RFC 9068 section 2.1. */
export const accessTokenType = 'at+jwt';

/** A token before it is signed: what it says, what is stored of it, what is recorded. */
export interface NewAccessToken {
  claims: AccessTokenClaims;
  /** Whole seconds from now, rounded down. */
  expiresIn: number;
  change: Change;
  event: AuditEvent;
}

interface Issue {
  facts: DeviceFacts;
  subject: Subject;
  resource: string;
  decision: Granted;
  issuer: string;
  now: Instant;
}

/** Makes the token that was granted. It ends on a whole second at or before the end that was granted. */
export function newAccessToken(
  { facts, subject, resource, decision, issuer, now }: Issue,
  random: Deps['random'],
): NewAccessToken {
  const id = toId('accessToken', random.uuid());
  const deviceId = facts.id as Id<IdKind & 'device'>;
  const longestMs = subject.kind === 'person' ? subject.until - now : Infinity;
  const expiresAt = toNumericDate(now + Math.min(decision.lifeMs, longestMs)) * second;
  const exceptions = [...decision.exceptions];
  const { grant } = decision;
  // Where somebody looks for what a token leaned on, the grant is one of them.
  const leanedOn = grant === null ? exceptions : [...exceptions, grant.id];
  return {
    claims: {
      iss: issuer,
      aud: resource,
      ...subjectClaims(subject, deviceId, facts),
      client_id: deviceId,
      device_id: deviceId,
      iat: toNumericDate(now),
      exp: toNumericDate(expiresAt),
      jti: id,
      cnf: { jkt: facts.jkt },
      acr: acrOf(decision),
      posture: {
        status: decision.verdict.status,
        at: toNumericDate(decision.evidence.receivedAt),
        att: decision.evidence.seq,
        ...(exceptions.length === 0 ? {} : { exc: exceptions as Id<'exception'>[] }),
      },
      ...(grant === null ? {} : { grant: { id: grant.id as Id<'exception'> }, roles: [grant.role] }),
    },
    expiresIn: Math.floor((expiresAt - now) / second),
    change: insert('access_tokens', {
      id,
      device_id: facts.id,
      person_id: facts.owner.id,
      resource,
      scope: null,
      issued_at: now,
      expires_at: expiresAt,
      exceptions: JSON.stringify(leanedOn),
      revoked_at: null,
      grant_id: grant?.id ?? null,
      for_person: subject.kind === 'person' ? 1 : 0,
    }),
    event: {
      at: now,
      type: 'token.issued',
      outcome: 'success',
      actor: { kind: 'device', id: facts.id },
      subject: { kind: 'token', id },
      data: {
        device: facts.id,
        person: facts.owner.id,
        resource,
        status: decision.verdict.status,
        expiresAt: toTimestamp(expiresAt),
        exceptions: leanedOn,
        ...(grant === null ? {} : { grant: grant.id, role: grant.role }),
        ...(subject.kind === 'person' ? { forPerson: subject.id, shown: subject.shown } : {}),
      },
    },
  };
}

function subjectClaims(
  subject: Subject,
  deviceId: Id<'device'>,
  { owner }: Pick<DeviceFacts, 'owner'>,
): Pick<AccessTokenClaims, 'sub' | 'owner' | 'act' | 'auth_time'> {
  if (subject.kind === 'device') return { sub: deviceId, owner: owner.id as Id<'user'> };
  return {
    sub: subject.id as Id<'user'>,
    act: { sub: deviceId },
    auth_time: toNumericDate(subject.authenticatedAt),
  };
}

/** The worst that is true: what still may be fixed outweighs what somebody excepted. */
export function acrOf({ verdict, exceptions }: Granted): PostureAcr {
  if (verdict.status === 'grace') return 'urn:postern:posture:grace';
  return exceptions.length > 0 ? 'urn:postern:posture:excepted' : 'urn:postern:posture:compliant';
}
