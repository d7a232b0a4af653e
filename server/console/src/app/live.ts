import { useSyncExternalStore } from 'react';
import { queryClient, refreshPath } from '../api/queries.ts';
import { staleAfter } from './topics.ts';

type State = 'connecting' | 'live' | 'lost';

let source: EventSource | undefined;
let state: State = 'connecting';
const listeners = new Set<() => void>();

function become(next: State): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/**
 * Listens to `GET /v1/events` for as long as anything is shown. An event says only what kind of thing has changed: whoever
 * shows it reads it again, with the rights that they have.
 */
function connect(): void {
  if (source !== undefined) return;
  source = new EventSource('/v1/events');
  source.addEventListener('open', () => {
    // What happened while nobody listened is unknown.
    if (state === 'lost') void queryClient.invalidateQueries();
    become('live');
  });
  source.addEventListener('error', () => become('lost'));
  source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
    const { topic } = JSON.parse(data) as { topic: string };
    for (const path of staleAfter(topic)) void refreshPath(queryClient, path);
  });
}

function disconnect(): void {
  source?.close();
  source = undefined;
}

/** Whether what is shown is kept up to date. */
export function useLive(): State {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      connect();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) disconnect();
      };
    },
    () => state,
  );
}
