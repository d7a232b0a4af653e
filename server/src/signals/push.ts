import { type Instant, second } from '@postern/shared/time';
import { retryAfterMs, sendWebhook } from '../notify/index.ts';
import { receiverError } from './receiver-error.ts';

/** What came of pushing one event. */
export type PushOutcome =
  | { kind: 'taken' }
  /** The receiver said what is wrong with it. */
  | { kind: 'refused'; error: string }
  | { kind: 'failed'; error: string; retryAfterMs: number };

export interface Push {
  endpoint: string;
  token: string;
  authorization: string | undefined;
  namedHosts: readonly string[];
}

/** Pushes an event once. Does not throw for what the other side does. */
export type PushEvent = (push: Push, now: Instant) => Promise<PushOutcome>;

const timeoutMs = 5 * second;
const mostRead = 65_536;

/** As RFC 8935 has it, under the guards of webhooks: no redirect, nothing inside of this network that was not named. */
export const pushEvent: PushEvent = async ({ endpoint, token, authorization, namedHosts }, now) => {
  const answer = await sendWebhook(
    {
      url: new URL(endpoint),
      headers: {
        'content-type': 'application/secevent+jwt',
        accept: 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: token,
      webhookHosts: namedHosts,
      mostRead,
    },
    { timeoutMs },
  );
  if ('error' in answer) return { kind: 'failed', error: answer.error, retryAfterMs: 0 };
  const { status, retryAfter, body } = answer;
  // 202 is what the RFC says; a receiver that says 200 or 204 has taken it as well.
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 400) return { kind: 'refused', error: `it refused: ${receiverError(errOf(body))}` };
  const hint = status >= 300 && status < 400 ? ', and no redirect is followed' : '';
  return { kind: 'failed', error: `it answered ${status}${hint}`, retryAfterMs: retryAfterMs(retryAfter, now) };
};

function errOf(body: string | undefined): unknown {
  try {
    const document: unknown = JSON.parse(body ?? '');
    return typeof document === 'object' && document !== null && 'err' in document ? document.err : undefined;
  } catch {
    return undefined;
  }
}
