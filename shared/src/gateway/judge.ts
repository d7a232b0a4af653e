import type { CompactJws } from '../jws/compact-jws.ts';
import type { AccessTokenClaims } from '../protocol/token.ts';
import { type Instant, minute } from '../time.ts';
import { createDecision } from './ask-verify.ts';
import { type BackendClient, Unavailable } from './backend-client.ts';
import { createIntrospection } from './introspection.ts';
import type { KeySet } from './key-set.ts';
import type { Settings } from './options.ts';
import type { Presented } from './presented.ts';
import { verifyProof } from './proof.ts';
import { Refusal } from './refusal.ts';
import type { ProofUse } from './replays.ts';
import type { Signals } from './signals/signals.ts';
import { checkClaims, verifyToken } from './token.ts';
import type { RequestHeaders } from './types.ts';

/** Claims that hold, and what the backend said of them where it was asked about the whole request. */
export interface Judged {
  claims: AccessTokenClaims;
  identity: Readonly<Record<string, string>>;
  nonce: string | undefined;
}

export interface JudgeDeps {
  settings: Settings;
  backend: BackendClient;
  keys: KeySet;
  signals: Signals | undefined;
}

export type Judge = (presented: Presented, token: CompactJws, headers: RequestHeaders, now: Instant) => Promise<Judged>;

/** How each mode comes to know whether a token is good and who holds it. A judge throws Refusal, DeniedByBackend or Unavailable. */
export function createJudge({ settings, backend, keys, signals }: JudgeDeps): Judge {
  const { expected, onProblem, nonces } = settings;
  const introspect = createIntrospection(backend, expected, onProblem);
  const byKeys = (token: CompactJws, now: Instant) => verifyToken(token, keys, expected, now);

  async function claim(use: ProofUse, now: Instant): Promise<boolean> {
    try {
      return await settings.replays.claim(use, now);
    } catch (cause) {
      onProblem({ code: 'replay_store', message: 'The store of used proofs failed or is full; requests are denied.' });
      throw new Refusal('unavailable', { cause });
    }
  }

  async function checkProof(presented: Presented, { cnf }: AccessTokenClaims, now: Instant): Promise<void> {
    if (settings.dpop === 'off') return;
    const use = await verifyProof(presented, cnf.jkt, nonces, now);
    if (!(await claim(use, now))) throw new Refusal('proof_replayed');
  }

  /** The one way in while the backend is away; the operator asked for it, and hears of each use. */
  async function withoutBackend(presented: Presented, token: CompactJws, error: unknown, now: Instant) {
    // Who floods the backend must not open the door with it.
    if (!settings.allowUnexpired || !(error instanceof Unavailable) || error.overloaded) throw error;
    const claims = await byKeys(token, now);
    await checkProof(presented, claims, now);
    const message = `Postern did not answer: token ${claims.jti} of ${claims.device_id} was taken by its signature alone.`;
    onProblem({ code: 'allowed_unexpired', message });
    return claims;
  }

  // The keys must be here before the backend is away.
  if (settings.mode === 'local' || settings.allowUnexpired) keys.warm();
  const keepKeys = () => {
    if (settings.allowUnexpired) keys.warm();
  };

  const own = (claims: AccessTokenClaims): Judged => ({ claims, identity: {}, nonce: undefined });

  const local: Judge = async (presented, token, _headers, now) => {
    const claims = await byKeys(token, now);
    await checkProof(presented, claims, now);
    // Signals tell what ended since they are heard; about older tokens the backend is asked.
    if (signals?.judge(claims, now) === 'unknown') return own(await introspect(token.text, now));
    return own(claims);
  };

  const introspection: Judge = async (presented, token, _headers, now) => {
    let claims: AccessTokenClaims;
    try {
      claims = await introspect(token.text, now);
      keepKeys();
    } catch (error) {
      return own(await withoutBackend(presented, token, error, now));
    }
    await checkProof(presented, claims, now);
    return own(claims);
  };

  if (settings.mode === 'local') return local;
  if (settings.mode === 'introspection') return introspection;

  if (settings.credentials === undefined) throw new TypeError('credentials are needed.');
  const decide = createDecision(backend, settings.credentials, expected.audience, onProblem);
  return async (presented, token, headers, now) => {
    try {
      const { identity, nonce } = await decide(presented, headers);
      keepKeys();
      const claims = checkClaims(token.payload, expected, now);
      await noteProof(presented, claims, now);
      return { claims, identity, nonce };
    } catch (error) {
      return own(await withoutBackend(presented, token, error, now));
    }
  };

  /** A proof that the backend took must not be good a second time here while it is away. */
  async function noteProof({ proofs }: Presented, { cnf }: AccessTokenClaims, now: Instant): Promise<void> {
    if (!settings.allowUnexpired) return;
    const payload: unknown = JSON.parse(Buffer.from(proofs[0]?.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const jti = typeof payload === 'object' && payload !== null && 'jti' in payload ? payload.jti : undefined;
    if (typeof jti === 'string') await claim({ jkt: cnf.jkt, jti, until: now + 10 * minute }, now);
  }
}
