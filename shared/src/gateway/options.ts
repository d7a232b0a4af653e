import { type Clock, second, systemClock } from '../time.ts';
import type { Nonces } from './nonces.ts';
import { throttled, warn } from './problems.ts';
import { memoryReplayStore, type ReplayStore } from './replays.ts';
import { assertRequirements } from './requirements.ts';
import type { SignalsOptions } from './signals/signals.ts';
import type { Expected } from './token.ts';
import type { OnProblem, Requirements } from './types.ts';

/** Who checks a token: this process by the keys of the issuer, or the backend, or the backend the whole request. */
export type Mode = 'local' | 'introspection' | 'decision';

export interface GatewayOptions extends Requirements {
  issuer: string;
  /** The resource, as Postern knows it: the one `aud` of tokens. */
  audience: string;
  mode: Mode;
  /** Where clients reach the application; a proof must be for an address below it. By default the origin of `audience`. */
  publicUrl?: string;
  /** Where Postern is reached from here. By default `issuer`. */
  backendUrl?: string;
  /** Lets Postern be asked over http on other addresses than loopback. */
  allowHttp?: boolean;
  /** The gateway, as `POST /v1/admin/gateways` made it. Only `local` without signals does without. */
  credentials?: { id: string; secret: string };
  /** How far clocks may differ: 5 by default, at most 60. */
  clockToleranceSeconds?: number;
  /** How many seconds ago a token may have been issued, whatever its `exp`. */
  maxTokenAge?: number;
  /** `off` lets in whoever holds the text of a token. */
  dpop?: 'required' | 'off';
  replayStore?: ReplayStore;
  /** With them a proof needs a nonce of ours, and its own time does not matter. */
  nonces?: Nonces;
  /** Ends tokens within a second in mode `local`. */
  signals?: boolean | SignalsOptions;
  /** `allow-unexpired` checks the token by the keys that are known where Postern does not answer. Needs `onProblem`. */
  onUnavailable?: 'deny' | 'allow-unexpired';
  timeoutMs?: number;
  /** Requests that may wait for Postern at once. */
  maxInFlight?: number;
  /** What the operator should hear of. By default a warning of the process. */
  onProblem?: OnProblem;
  fetch?: typeof fetch;
  clock?: Clock;
}

export interface Settings {
  mode: Mode;
  expected: Expected;
  requirements: Requirements;
  publicUrl: URL;
  backendUrl: string;
  credentials: { id: string; secret: string } | undefined;
  dpop: 'required' | 'off';
  replays: ReplayStore;
  nonces: Nonces | undefined;
  signals: SignalsOptions | undefined;
  allowUnexpired: boolean;
  timeoutMs: number;
  maxInFlight: number;
  onProblem: OnProblem;
  fetch: typeof fetch;
  clock: Clock;
}

/** @throws TypeError for settings that contradict each other, or that would let in what they should not */
export function readOptions(options: GatewayOptions): Settings {
  const { issuer, audience, mode, credentials, acrValues, maxAge, roles, maxTokenAge } = options;
  const { clockToleranceSeconds = 5, dpop = 'required', onUnavailable = 'deny' } = options;
  const clock = options.clock ?? systemClock;
  demand(['local', 'introspection', 'decision'].includes(mode), 'mode must be local, introspection or decision.');
  demand(
    URL.parse(issuer)?.origin === issuer,
    'issuer must be written as in tokens: https and a host, without a path or a slash at its end.',
  );
  demand(audience !== '', 'audience must name the resource.');
  demand(
    clockToleranceSeconds >= 0 && clockToleranceSeconds <= 60,
    'clockToleranceSeconds must be from 0 to 60: beyond that, mend the clocks.',
  );
  demand(maxTokenAge === undefined || maxTokenAge > 0, 'maxTokenAge must be more than 0.');
  demand(['required', 'off'].includes(dpop), 'dpop must be required or off.');
  demand(dpop === 'required' || mode !== 'decision', 'In mode decision Postern checks the proof: dpop cannot be off.');
  demand(['deny', 'allow-unexpired'].includes(onUnavailable), 'onUnavailable must be deny or allow-unexpired.');
  const signals = options.signals === true ? {} : options.signals === false ? undefined : options.signals;
  demand(
    credentials !== undefined || (mode === 'local' && signals === undefined),
    'credentials are needed: id and secret of the gateway.',
  );
  // As an environment has them in which they were forgotten.
  demand(
    credentials === undefined || (Boolean(credentials.id) && Boolean(credentials.secret)),
    'credentials are empty: they are the id and the secret of the gateway.',
  );
  const allowUnexpired = onUnavailable === 'allow-unexpired';
  demand(!allowUnexpired || mode !== 'local', 'onUnavailable is for modes that ask Postern; local does not.');
  demand(
    !allowUnexpired || options.onProblem !== undefined,
    'allow-unexpired needs onProblem: somebody must hear of it.',
  );
  const requirements: Requirements = {
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(roles === undefined ? {} : { roles }),
  };
  assertRequirements(requirements);
  return {
    mode,
    expected: { issuer, audience, clockToleranceSeconds, maxTokenAgeSeconds: maxTokenAge },
    requirements,
    publicUrl: publicUrlOf(options.publicUrl, audience),
    backendUrl: backendUrlOf(options.backendUrl ?? issuer, options.allowHttp ?? false),
    credentials,
    dpop,
    replays: options.replayStore ?? memoryReplayStore(),
    nonces: options.nonces,
    signals,
    allowUnexpired,
    timeoutMs: options.timeoutMs ?? 2 * second,
    maxInFlight: options.maxInFlight ?? 64,
    onProblem: throttled(options.onProblem ?? warn, clock),
    fetch: options.fetch ?? fetch,
    clock,
  };
}

function demand(holds: boolean, sentence: string): void {
  if (!holds) throw new TypeError(sentence);
}

/** Never the `Host` header: who sends the request chooses it, and could spend proofs here that were made for elsewhere. */
function publicUrlOf(given: string | undefined, audience: string): URL {
  const url = URL.parse(given ?? audience);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new TypeError(
      'publicUrl is needed where the audience is no http(s) address: where clients reach the application.',
    );
  if (given === undefined) return new URL(url.origin);
  if (url.search !== '' || url.hash !== '' || url.username !== '')
    throw new TypeError('publicUrl must be an address alone.');
  return url;
}

function backendUrlOf(text: string, allowHttp: boolean): string {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new TypeError('issuer (or backendUrl) must be the address of Postern.');
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (isLoopback || allowHttp)))
    throw new TypeError('Postern must be asked over https. Say allowHttp where the way to it is protected otherwise.');
  return text.replace(/\/+$/, '');
}
