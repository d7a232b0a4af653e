/** Whether changes are heard of. */
export type LiveState = 'connecting' | 'live' | 'lost';

/** As much of an EventSource as this needs. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

interface Doings {
  open: () => Source;
  /** Something of a topic is different now. */
  changed: (change: { topic: string; id?: string }) => void;
  /** The connection is there again, and something may have been missed. */
  missed: () => void;
  /** The connection broke, or was refused: it may be that nobody is signed in any more. */
  lost: () => void;
}

/** What the page does with its connection. */
export interface LiveConnection {
  state: () => LiveState;
  /** @returns how to stop listening */
  listen: (listener: () => void) => () => void;
  /** Whether the page is seen. */
  show: (isSeen: boolean) => void;
  tryNow: () => void;
}

const closed = 2;
const hiddenMs = 20_000;
const shortestMs = 1000;
const longestMs = 30_000;

/**
 * One connection for as long as somebody listens and the page is seen. An EventSource tries again by itself when a connection
 * breaks, but gives up for good when it is refused, which a server that is being started again does too: then this tries again,
 * less and less often.
 */
export function createLiveConnection({ open, changed, missed, lost }: Doings): LiveConnection {
  const listeners = new Set<() => void>();
  let source: Source | undefined;
  let state: LiveState = 'connecting';
  let isShown = true;
  let wasOpen = false;
  let tries = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  function become(next: LiveState): void {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function connect(): void {
    if (source !== undefined || listeners.size === 0 || !isShown) return;
    clearTimeout(again);
    const mine = open();
    source = mine;
    mine.addEventListener('open', () => {
      if (source !== mine) return;
      tries = 0;
      if (wasOpen) missed();
      wasOpen = true;
      become('live');
    });
    mine.addEventListener('changed', ({ data }) => {
      const change = source === mine ? read(data) : undefined;
      if (change !== undefined) changed(change);
    });
    mine.addEventListener('error', () => {
      if (source !== mine) return;
      const isClosed = mine.readyState === closed;
      if (state !== 'lost' || isClosed) lost();
      become('lost');
      if (!isClosed) return;
      source = undefined;
      again = setTimeout(connect, Math.min(longestMs, shortestMs * 2 ** tries));
      tries += 1;
    });
  }

  function disconnect(): void {
    clearTimeout(again);
    source?.close();
    source = undefined;
    if (state === 'live') become('connecting');
  }

  return {
    state: () => state,
    listen(listener) {
      listeners.add(listener);
      connect();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) disconnect();
      };
    },
    show(isSeen) {
      isShown = isSeen;
      clearTimeout(hiding);
      if (isSeen) connect();
      else hiding = setTimeout(disconnect, hiddenMs);
    },
    tryNow() {
      if (state === 'live') return;
      disconnect();
      connect();
    },
  };
}

function read(data: unknown): { topic: string; id?: string } | undefined {
  try {
    const change: unknown = JSON.parse(String(data));
    const isOne = typeof change === 'object' && change !== null && 'topic' in change;
    return isOne ? (change as { topic: string; id?: string }) : undefined;
  } catch {
    return undefined;
  }
}
