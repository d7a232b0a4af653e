import { z } from 'zod';
import { type Clock, second } from '../../time.ts';
import { type BackendClient, Unavailable } from '../backend-client.ts';
import type { Algorithm, KeySet } from '../key-set.ts';
import type { OnProblem } from '../types.ts';
import type { Hearing } from './hearing.ts';
import { readSignal } from './read-signal.ts';
import { openStream, type Stream } from './stream.ts';
import { SetRefused, verifySet } from './verify-set.ts';

export interface PollDeps {
  issuer: string;
  backend: BackendClient;
  /** The keys of access tokens, which signals may be about. Signals have keys of their own. */
  tokenKeys: Pick<KeySet, 'distrust'>;
  algorithms: readonly Algorithm[];
  hearing: Hearing;
  clock: Clock;
  onProblem: OnProblem;
}

/** Longer than a transmitter holds a poll back. */
const pollTimeoutMs = 40 * second;
const mostEvents = 200;

const answerSchema = z.looseObject({
  sets: z.record(z.string().min(1).max(128), z.string()),
  moreAvailable: z.boolean().optional(),
});

interface Answers {
  ack: string[];
  setErrs: Record<string, { err: string; description: string }>;
}

/** The one receiver of the stream: each call is one poll (RFC 8936), and says whether there may be more at once. */
export function createPoll(deps: PollDeps, signal: AbortSignal): () => Promise<boolean> {
  const { issuer, backend, tokenKeys, algorithms, hearing, clock, onProblem } = deps;
  let stream: Stream | undefined;
  let answers: Answers = { ack: [], setErrs: {} };

  async function take(jti: string, text: string, { audience, keys }: Stream): Promise<void> {
    const now = clock.now();
    try {
      const ending = readSignal(await verifySet(text, { issuer, audience, algorithms, jti }, keys, now), issuer);
      // All that the issuer gave out may have ended, and its keys with it (an emergency rotation).
      if (ending.kind === 'unclear') for (const each of [tokenKeys, keys]) each.distrust();
      hearing.take(ending, now);
      answers.ack.push(jti);
    } catch (error) {
      // It may have ended something.
      hearing.loseTrack();
      if (!(error instanceof SetRefused)) throw error;
      answers.setErrs[jti] = { err: error.err, description: error.message };
      onProblem({ code: 'signal_refused', message: `A signal was not taken. ${error.message}` });
    }
  }

  return async () => {
    stream ??= await openStream(backend, issuer, clock, signal);
    const answered = hearing.listen(clock.now());
    const answer = await backend.ask(stream.pollPath, {
      method: 'POST',
      unlimited: true,
      signal,
      timeoutMs: pollTimeoutMs,
      headers: { authorization: backend.basic ?? '', 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ maxEvents: mostEvents, returnImmediately: !hearing.isComplete(), ...answers }),
    });
    if (answer.status !== 200) {
      // The stream is not what it was. What it held may be gone.
      stream = undefined;
      hearing.loseTrack();
      throw new Unavailable(`Postern answered the poll with status ${answer.status}.`);
    }
    const { sets, moreAvailable = false } = answerSchema.parse(JSON.parse(answer.text));
    answers = { ack: [], setErrs: {} };
    for (const [jti, text] of Object.entries(sets)) await take(jti, text, stream);
    answered(clock.now(), moreAvailable);
    return moreAvailable || Object.keys(sets).length > 0;
  };
}
