import type { AccessTokenClaims } from '../protocol/token.ts';
import type { Instant } from '../time.ts';
import { denied } from './answers.ts';
import { DeniedByBackend } from './ask-verify.ts';
import { createBackendClient, Unavailable } from './backend-client.ts';
import { createJudge } from './judge.ts';
import { createKeySet } from './key-set.ts';
import { type GatewayOptions, readOptions } from './options.ts';
import { readPresented } from './presented.ts';
import { Refusal } from './refusal.ts';
import { assertRequirements, checkRequirements } from './requirements.ts';
import { type Signals, startSignals } from './signals/signals.ts';
import { openToken } from './token.ts';
import type { Allowed, Denied, GatewayRequest, Outcome, Requirements } from './types.ts';

export interface Gateway {
  /** Judges a request. Never rejects: what cannot be judged is denied. A proof is good for one call. */
  verify(request: GatewayRequest, requirements?: Requirements): Promise<Outcome>;
  /** Holds a request that was let in to further demands, e.g. those of a route. */
  require(allowed: Allowed, requirements: Requirements): Outcome;
  /** What is known of signals; undefined without them. */
  signals(): ReturnType<Signals['state']> | undefined;
  /** Ends the polling of signals. */
  close(): Promise<void>;
}

/**
 * A door that takes Postern's tokens. It knows no framework: `express.ts`, `fastify.ts` and `hono.ts` hang it into theirs.
 *
 * @throws TypeError for options that contradict each other
 */
export function createGateway(options: GatewayOptions): Gateway {
  const settings = readOptions(options);
  const { clock, expected, nonces, onProblem, backendUrl: url, credentials, timeoutMs, maxInFlight } = settings;
  const backend = createBackendClient({ url, credentials, timeoutMs, maxInFlight, fetch: settings.fetch, onProblem });
  const keys = createKeySet(backend, '/.well-known/jwks.json', clock);
  const { issuer, clockToleranceSeconds } = expected;
  const signals =
    settings.signals &&
    startSignals({ issuer, backend, tokenKeys: keys, clock, clockToleranceSeconds, onProblem }, settings.signals);
  const judge = createJudge({ settings, backend, keys, signals });
  if (settings.dpop === 'off')
    onProblem({ code: 'binding_not_checked', message: 'dpop is off: whoever holds the text of a token is let in.' });

  function refuseEnded(claims: AccessTokenClaims, now: Instant): void {
    const said = signals?.judge(claims, now);
    if (said === 'ended') throw new Refusal('token_ended');
    if (said === 'stale') throw new Refusal('unavailable', { cause: 'signals are stale' });
  }

  function deniedFor(error: unknown): Denied {
    const nonce = nonces?.issue(clock.now());
    if (error instanceof DeniedByBackend) return error.denied;
    if (error instanceof Refusal) return denied(error, nonce);
    if (error instanceof Unavailable) {
      if (!error.overloaded) onProblem({ code: 'backend_unavailable', message: error.message });
    } else {
      // Only its name: what it says may hold what was sent.
      const name = error instanceof Error ? error.name : 'error';
      onProblem({ code: 'internal', message: `A request could not be judged: ${name}.` });
    }
    return denied(new Refusal('unavailable', { cause: error }), nonce);
  }

  return {
    async verify(request, requirements = {}) {
      try {
        assertRequirements(requirements);
        const presented = readPresented(request, settings.publicUrl, settings.dpop === 'required');
        const token = openToken(presented.token, expected);
        const { claims, identity, nonce } = await judge(presented, token, request.headers, clock.now());
        // Asked last, and with the time of now: something may have ended while we waited.
        const now = clock.now();
        refuseEnded(claims, now);
        checkRequirements(claims, settings.requirements, now);
        checkRequirements(claims, requirements, now);
        const next = nonce ?? nonces?.issue(now);
        const headers: Record<string, string> = next === undefined ? {} : { 'DPoP-Nonce': next };
        return { ok: true, claims, header: token.header, token: token.text, headers, identity };
      } catch (error) {
        return deniedFor(error);
      }
    },
    require(allowed, requirements) {
      try {
        assertRequirements(requirements);
        checkRequirements(allowed.claims, requirements, clock.now());
        return allowed;
      } catch (error) {
        return deniedFor(error);
      }
    },
    signals: () => signals?.state(),
    async close() {
      await signals?.close();
    },
  };
}
