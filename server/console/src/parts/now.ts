import { useSyncExternalStore } from 'react';

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, in steps of so many seconds: one clock for everything that counts down. */
export function useNow(everySeconds = 15): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / (everySeconds * 1000)) * everySeconds * 1000);
}
