import { useLocalStorage } from '@mantine/hooks';

/** What somebody may like otherwise. */
export interface Preferences {
  /** Shortcuts of one key, as `j` and `k` in the inbox. Who speaks to their computer switches them off (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Times as they are here, or in UTC. */
  zone: 'local' | 'UTC';
}

const standard: Preferences = { singleKeys: true, zone: 'local' };

/** What somebody likes better, kept in this browser. */
export function usePreferences() {
  const [stored, store] = useLocalStorage<Partial<Preferences>>({
    key: 'postern.preferences',
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const change = (some: Partial<Preferences>) => store((before) => ({ ...before, ...some }));
  return [{ ...standard, ...stored }, change] as const;
}
