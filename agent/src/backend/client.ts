import type { z } from 'zod';
import { challengeAnswerSchema } from '@postern/shared/protocol/attestation';
import { type Clock, fromTimestamp, type Instant, second } from '@postern/shared/time';
import type { DeviceKey } from '../keys/provider.ts';
import type { Random } from '../random.ts';
import { readAnswer } from './answer.ts';
import { BackendRefusal, BackendUnreachable } from './faults.ts';
import { makeProof } from './proof.ts';
import { send, type TransportOptions } from './transport.ts';

/** Who signs the proofs, and for which issuer. */
export interface Prover {
  key: DeviceKey;
  issuer: string;
}

export interface Call<Schema extends z.ZodType> {
  method: 'GET' | 'POST';
  /** Begins with a slash. */
  path: string;
  /** Without the question mark. A proof does not name it (RFC 9449 section 4.2). */
  query?: string;
  answer: Schema;
  /** Made anew for each try: what is signed may be used once only. */
  body?: () => { type: string; text: string } | Promise<{ type: string; text: string }>;
  headers?: Readonly<Record<string, string>>;
  /** A DPoP proof (RFC 9449) is sent when this is given. */
  prover?: Prover;
}

export interface Backend {
  readonly url: string;
  /** @throws BackendRefusal @throws BackendUnreachable */
  call<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.output<Schema>>;
  /** Asks for a nonce, and measures the clock by the way. */
  challenge(): Promise<string>;
  /** The time by the backend's clock, as well as it is known. All that is signed is dated with it. */
  now(): Instant;
  /** Device clock minus backend clock; null until it was measured. */
  readonly clockOffsetMs: number | null;
}

export interface BackendOptions {
  url: string;
  clock: Clock;
  random: Random;
  ca: string | undefined;
  /** As it was measured last. */
  clockOffsetMs: number | null;
  userAgent: string;
  transport?: Partial<TransportOptions>;
}

const deadlineMs = 10_000;
const maxAnswerBytes = 1024 * 1024;

// A proof dated wrongly: the clock was set, here or there, since its offset was measured.
const clockFaults: ReadonlySet<string> = new Set([
  'proof_from_future',
  'proof_too_old',
  'assertion_from_future',
  'assertion_expired',
]);

/** Below this it is the network that differs; to follow it would make a new reading of the clock at every turn. */
const offsetSlackMs = second;
/** `eat_nonce` of an attestation is no longer. */
const longestNonce = 256;

/** A connection to one backend. It remembers the nonce that came last and how far the clock is off. */
export function connect(options: BackendOptions): Backend {
  const { url, clock, random } = options;
  const origin = new URL(url).origin;
  const transport = { deadlineMs, maxAnswerBytes, ca: options.ca, ...options.transport };
  let nonce: string | undefined;
  let clockOffsetMs = options.clockOffsetMs;

  const now = () => clock.now() - (clockOffsetMs ?? 0);

  async function attempt<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.output<Schema>> {
    const body = await call.body?.();
    const proof =
      call.prover &&
      (await makeProof({
        key: call.prover.key,
        method: call.method,
        url: `${call.prover.issuer}${call.path}`,
        nonce,
        jti: random.uuid(),
        now: now(),
      }));
    const answer = await send(
      {
        method: call.method,
        url: new URL(`${url}${call.path}${call.query === undefined ? '' : `?${call.query}`}`),
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent,
          ...call.headers,
          ...(body === undefined ? {} : { 'content-type': body.type }),
          ...(proof === undefined ? {} : { dpop: proof }),
        },
        body: body?.text,
      },
      transport,
    );
    // RFC 9449 section 8.2: every answer may bring the next nonce.
    nonce = answer.header('dpop-nonce') ?? nonce;
    return readAnswer(answer, call.answer, origin);
  }

  async function challenge(): Promise<string> {
    const before = clock.now();
    const answer = await attempt({ method: 'POST', path: '/oauth/challenge', answer: challengeAnswerSchema });
    const after = clock.now();
    // The backend read its clock somewhere on the way: half way is the best guess.
    const measured = Math.round((before + after) / 2 - fromTimestamp(answer.server_time));
    if (clockOffsetMs === null || Math.abs(measured - clockOffsetMs) >= offsetSlackMs) clockOffsetMs = measured;
    if (answer.attestation_challenge.length > longestNonce)
      throw new BackendUnreachable(`${origin} gave a challenge that is too long. Is it Postern?`);
    return answer.attestation_challenge;
  }

  return {
    url,
    now,
    challenge,
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    async call(call) {
      // Without a nonce the call would be refused, and answered with one; asking first tells the time as well.
      if (call.prover !== undefined && nonce === undefined) await challenge();
      const sentNonce = nonce;
      try {
        return await attempt(call);
      } catch (error) {
        if (!(error instanceof BackendRefusal) || call.prover === undefined) throw error;
        if (error.code === 'nonce_required' || error.code === 'use_dpop_nonce') {
          // The same nonce again would be refused again.
          if (nonce === sentNonce) throw error;
        } else if (clockFaults.has(error.code)) {
          await challenge();
        } else {
          throw error;
        }
        return attempt(call);
      }
    },
  };
}
