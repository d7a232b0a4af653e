import { setTimeout as wait } from 'node:timers/promises';

/** Polls that wait for something to happen to their stream. */
export interface WaitingRoom {
  /** Resolves when the stream is said to have something, after so long, or when the server stops. At once when too many wait already. */
  wait(stream: string, longestMs: number): Promise<void>;
  /** Lets those of these streams go on. */
  wake(streams: Iterable<string>): void;
  /** Streams that somebody waits for. */
  streams(): string[];
  /** Lets everybody go on, and nobody wait any more. */
  close(): void;
}

/** Whoever polls the same stream more often than this at once has lost their earlier polls. */
const mostPerStream = 4;
const mostInAll = 2000;

export function createWaitingRoom(): WaitingRoom {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  let isClosed = false;

  const wake = (streams: Iterable<string>) => {
    for (const stream of streams) for (const goOn of waiting.get(stream) ?? []) goOn();
  };
  return {
    async wait(stream, longestMs) {
      const here = waiting.get(stream) ?? new Set();
      if (isClosed || here.size >= mostPerStream || count >= mostInAll) return;
      const ended = new AbortController();
      const goOn = () => ended.abort();
      here.add(goOn);
      waiting.set(stream, here);
      count += 1;
      try {
        await wait(longestMs, undefined, { signal: ended.signal, ref: false });
      } catch (error) {
        if (!ended.signal.aborted) throw error;
      } finally {
        count -= 1;
        here.delete(goOn);
        if (here.size === 0) waiting.delete(stream);
      }
    },
    wake,
    streams: () => [...waiting.keys()],
    close() {
      isClosed = true;
      wake(waiting.keys());
    },
  };
}
