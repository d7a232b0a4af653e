import { useSyncExternalStore } from 'react';

/** What somebody may like otherwise. */
export interface Preferences {
  /** Shortcuts of one key, as `j` and `k` in the inbox. Who speaks to their computer switches them off (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Times as they are here, or in UTC. */
  zone: 'local' | 'UTC';
}

const standard: Preferences = { singleKeys: true, zone: 'local' };

const key = 'postern.preferences';
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    return { ...standard, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>) };
  } catch {
    // Whoever keeps nothing, or keeps something else there, likes it as it is.
    return standard;
  }
}

function tell(preferences: Preferences): void {
  current = preferences;
  for (const listener of listeners) listener();
}

function hearOfOtherTabs(event: StorageEvent): void {
  if (event.key === key || event.key === null) tell(read());
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('storage', hearOfOtherTabs);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', hearOfOtherTabs);
  };
}

function change(some: Partial<Preferences>): void {
  const preferences = { ...current, ...some };
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // Then it is so until the page is left.
  }
  tell(preferences);
}

/** What somebody likes better, kept in this browser. Each time on a screen asks: they share one copy and one listener. */
export function usePreferences() {
  return [useSyncExternalStore(subscribe, () => current), change] as const;
}
