import type { LiveChange, LiveTopic } from '@postern/shared/protocol/live';
import { second } from '@postern/shared/time';

/** One listener's connection: what is to be told, as long as they have not taken it. */
export interface Feed {
  /** The lines of `text/event-stream` (WHATWG HTML, 9.2). Ends when the feed is ended, and ends the feed when nobody reads on. */
  readonly lines: AsyncIterable<string>;
  /** Aborted when nobody takes what was sent: then the connection cannot be ended in any other way. */
  readonly broken: AbortSignal;
  tell(change: LiveChange): void;
  /** Says that there is somebody here, to proxies that cut off who is silent. Breaks off when the last lines are still not taken. */
  keepAlive(): void;
  end(): void;
}

/** Changes in a row go out together: a browser that is told more often only reads the same list more often. */
const gapMs = second / 4;
/** More ids than that say as much as none. */
const mostIds = 16;
const hello = 'retry: 3000\n: this is the truth as it changes\n\n';

/**
 * What is not taken yet is one set of ids a topic, and so never grows beyond the number of topics.
 *
 * @param onBegin called when somebody begins to read: an answer to HEAD has nobody who does
 * @param onEnd called once after it, whoever ends it
 */
export function createFeed(onBegin: () => void, onEnd: () => void): Feed {
  const broken = new AbortController();
  const pending = new Map<LiveTopic, Set<string> | 'any'>();
  let isAlive = false;
  let isEnded = false;
  let isGreeted = false;
  let untaken = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let waiting: ((result: IteratorResult<string>) => void) | undefined;

  function take(): string {
    const changes = [...pending].flatMap(([topic, ids]): LiveChange[] =>
      ids === 'any' ? [{ topic }] : [...ids].map((id) => ({ topic, id })),
    );
    const text = changes.map((change) => `event: changed\ndata: ${JSON.stringify(change)}\n\n`).join('');
    const before = isGreeted ? '' : hello;
    const comment = isAlive && text === '' ? ': here\n\n' : '';
    pending.clear();
    isAlive = false;
    isGreeted = true;
    untaken = false;
    return before + text + comment;
  }

  function flush(): void {
    if (waiting === undefined || timer !== undefined) return;
    if (isGreeted && pending.size === 0 && !isAlive) return;
    const wait = sentAt + gapMs - performance.now();
    if (wait > 0) {
      timer = setTimeout(() => {
        timer = undefined;
        flush();
      }, wait).unref();
      return;
    }
    const answer = waiting;
    waiting = undefined;
    sentAt = performance.now();
    answer({ done: false, value: take() });
  }

  function finish(): void {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(timer);
    pending.clear();
    onEnd();
    const answer = waiting;
    waiting = undefined;
    answer?.({ done: true, value: undefined });
  }

  const next = (): Promise<IteratorResult<string>> =>
    new Promise((resolve) => {
      waiting = resolve;
      if (isEnded) resolve({ done: true, value: undefined });
      else flush();
    });
  const leave = async (): Promise<IteratorResult<string>> => {
    finish();
    return { done: true, value: undefined };
  };
  const lines: AsyncIterable<string> = {
    // By hand: the return of a generator waits for what it is waiting for, and here that may never come.
    [Symbol.asyncIterator]: () => {
      onBegin();
      return { next, return: leave };
    },
  };

  return {
    lines,
    broken: broken.signal,
    tell({ topic, id }) {
      if (isEnded) return;
      const known = pending.get(topic);
      if (id === undefined || known === 'any') pending.set(topic, 'any');
      else {
        const ids = known ?? new Set();
        ids.add(id);
        pending.set(topic, ids.size > mostIds ? 'any' : ids);
      }
      flush();
    },
    keepAlive() {
      if (untaken && waiting === undefined) {
        finish();
        broken.abort();
        return;
      }
      isAlive = true;
      untaken = true;
      flush();
    },
    end() {
      if (isEnded) return;
      const isTaken = waiting !== undefined;
      finish();
      if (!isTaken) broken.abort();
    },
  };
}
