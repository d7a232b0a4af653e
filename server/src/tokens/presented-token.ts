import { sameSecret } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { AccessTokenClaims } from '@postern/shared/protocol/token';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { verifyProof } from './dpop.ts';
import { explainRefusal } from './explain-refusal.ts';
import { findLiveToken, type LiveToken, type LiveTokenDeps, type TokenState } from './live-token.ts';
import { commitSpending, newAttempt } from './refusals.ts';
import { createTokenReader } from './token-reader.ts';

/** A request to an application, as the gateway in front of it describes it. */
export interface ProtectedRequest {
  method: string;
  /** The address as the client sees it. */
  url: string;
  authorization: string | undefined;
  /** The one `DPoP` header. */
  proof: string | undefined;
  /** What the gateway guards there. */
  resource: string;
  now: Instant;
}

export interface Presented {
  claims: Readonly<AccessTokenClaims>;
  /** The state, or why there is none any more. */
  state: TokenState;
}

/** RFC 6750 section 2.1: what a token is made of. */
const dpopScheme = /^dpop +([\w.~+/-]+=*)$/i;
/** Ours stay below 1 KB; what is longer is none of ours, and not worth looking at. */
const maxTokenLength = 4096;

/**
 * Judges tokens as a resource server does (RFC 9449 section 7): one token under the scheme DPoP, one proof of its key for
 * exactly this request, used up for all nodes at once.
 */
export function createPresentedTokens(deps: LiveTokenDeps & Pick<Deps, 'nonces'>) {
  const readToken = createTokenReader(deps);
  const { store, nonces } = deps;
  return {
    /**
     * @throws Fault `access_token_missing`, `access_token_unbound`, `access_token_invalid`, the proof's own codes,
     *   `proof_other_key`, `proof_replayed`
     */
    async judge(request: ProtectedRequest): Promise<Presented> {
      const { method, url, now, resource } = request;
      const token = tokenOf(request.authorization);
      const claims = await readToken(token);
      if (claims === undefined || claims.aud !== resource) throw new Fault('access_token_invalid');
      const proof = verifyProof(nonces, { proof: request.proof, method, url, now, accessToken: token });
      if (!sameSecret(proof.jkt, claims.cnf.jkt)) throw new Fault('proof_other_key');
      // At the same time: the one waits for the disk, the other computes.
      const [state] = await Promise.all([
        findLiveToken(deps, claims, [resource], now),
        commitSpending(store, [proof.spent], { changes: [], audit: [] }),
      ]);
      return { claims, state };
    },

    /** @throws Fault what the device or the token is refused for, with what to do about it */
    admit({ claims, state }: Presented, now: Instant): LiveToken {
      if (state.live) return state;
      if (state.refused === undefined) throw new Fault(state.code);
      const { decision, rulebook } = state.refused;
      throw explainRefusal(decision, {
        issuer: deps.config.issuer,
        resource: claims.aud,
        rulebook,
        attempt: newAttempt('', now),
      });
    },
  };
}

function tokenOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw new Fault('access_token_missing');
  if (/^bearer /i.test(authorization)) throw new Fault('access_token_unbound');
  const token = dpopScheme.exec(authorization)?.[1];
  if (token === undefined || token.length > maxTokenLength) throw new Fault('access_token_invalid');
  return token;
}
