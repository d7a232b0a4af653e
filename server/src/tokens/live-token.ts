import { sameSecret } from '@postern/shared/digest';
import type { ErrorCode } from '@postern/shared/protocol/errors';
import { type AccessTokenClaims, ownerOf } from '@postern/shared/protocol/token';
import { type Instant, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { type DeviceFacts, deviceQuery, factsOf } from '../devices/index.ts';
import { resourceEpoch } from '../gateways/index.ts';
import type { Rulebook } from '../policy/index.ts';
import { preparedQuery } from '../storage/prepared-query.ts';
import { decide, type Granted, type Refused } from './decide.ts';

export type LiveTokenDeps = Pick<Deps, 'config' | 'store' | 'policies' | 'signingKeys'>;

/** Whether a token is worth anything at one instant. */
export type TokenState = LiveToken | DeadToken;

export interface LiveToken {
  live: true;
  facts: DeviceFacts;
  decision: Granted;
  /** Of the gateways, read with the rest. */
  gatewayEpoch: string;
}

export interface DeadToken {
  live: false;
  code: ErrorCode;
  /** What the device was refused for; undefined where it was the token. */
  refused?: { decision: Refused; facts: DeviceFacts; rulebook: Rulebook };
  /** Null: nothing was read. */
  gatewayEpoch: string | null;
}

const rowsOfToken = preparedQuery((read, id) =>
  deviceQuery(read)
    .innerJoin('access_tokens', 'access_tokens.device_id', 'devices.id')
    .where('access_tokens.id', '=', id)
    .select(['access_tokens.revoked_at as token_revoked_at', resourceEpoch.as('gateway_epoch')]),
);

/**
 * Asks again what was true when the token was made: the same decision, over the facts of this instant, in one read.
 * Introspection and gateways both ask here, so that they cannot differ.
 *
 * @param claims of a token that this backend signed
 * @param resources what the caller may ask about
 */
export async function findLiveToken(
  deps: Pick<Deps, 'store' | 'policies'>,
  claims: AccessTokenClaims,
  resources: readonly string[],
  now: Instant,
): Promise<TokenState> {
  const dead = (code: ErrorCode, gatewayEpoch: string | null = null): DeadToken => ({
    live: false,
    code,
    gatewayEpoch,
  });
  if (!resources.includes(claims.aud)) return dead('access_token_invalid');
  if (claims.exp * second <= now) return dead('access_token_expired');

  const rows = await rowsOfToken(deps.store.read, claims.jti);
  const facts = factsOf(rows);
  if (facts === undefined) return dead('access_token_invalid');
  const { token_revoked_at: revokedAt, gateway_epoch: gatewayEpoch } = rows[0] ?? {
    token_revoked_at: now,
    gateway_epoch: null,
  };
  if (revokedAt !== null || gatewayEpoch === null) return dead('access_token_ended', gatewayEpoch);
  if (!isStillOf(facts, claims)) return dead('access_token_ended', gatewayEpoch);

  const rulebook = await deps.policies.at(facts.policyEpoch);
  const decision = decide(facts, rulebook, claims.aud, now);
  if (!decision.granted)
    return { live: false, code: decision.code, refused: { decision, facts, rulebook }, gatewayEpoch };
  if (!leansOnTheSame(decision, claims)) return dead('access_token_ended', gatewayEpoch);
  return { live: true, facts, decision, gatewayEpoch };
}

/** Whether it is still the device, the key and the person that the token was made for. */
function isStillOf(facts: DeviceFacts, claims: AccessTokenClaims): boolean {
  const { device_id: deviceId, sub, cnf } = claims;
  const owner = ownerOf(claims);
  const isSubject = sub === deviceId || sub === owner;
  return isSubject && facts.id === deviceId && facts.owner.id === owner && sameSecret(facts.jkt, cnf.jkt);
}

/** The access that it was issued under, and no other: what has ended or was given anew ends the token. */
function leansOnTheSame({ grant, exceptions }: Granted, claims: AccessTokenClaims): boolean {
  const [role, ...more] = claims.roles ?? [];
  if (grant?.id !== claims.grant?.id || grant?.role !== role || more.length > 0) return false;
  return (claims.posture.exc ?? []).every((exception) => exceptions.includes(exception));
}
