import { useSyncExternalStore } from 'react';
import { pathOf, queryClient } from '../api/queries.ts';
import { createLiveConnection, type LiveState } from './live-connection.ts';
import { isStaleAfter } from './topics.ts';

const connection = createLiveConnection({
  open: () => new EventSource('/v1/events'),
  changed: (change) =>
    void queryClient.invalidateQueries({
      predicate: ({ queryKey, state }) => isStaleAfter(change, pathOf(queryKey) ?? '', state.data),
    }),
  // What happened while nobody listened is unknown.
  missed: () => void queryClient.invalidateQueries(),
  // Whoever asks who they are, and is nobody any more, is sent to sign in.
  lost: () => void queryClient.invalidateQueries({ queryKey: ['/v1/me'] }),
});

// A page that nobody sees needs no connection: a browser has six for one server, for all of its pages together.
document.addEventListener('visibilitychange', () => connection.show(document.visibilityState === 'visible'));
window.addEventListener('online', () => connection.tryNow());
connection.show(document.visibilityState === 'visible');

/** Whether what is shown is kept up to date. Listens to `GET /v1/events` for as long as somebody wants to know. */
export function useLive(): LiveState {
  return useSyncExternalStore(connection.listen, connection.state);
}

/** Makes a lost connection anew at once. */
export const reconnect = connection.tryNow;
