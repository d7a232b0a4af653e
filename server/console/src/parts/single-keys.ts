import { useEffect, useRef } from 'react';
import { usePreferences } from '../app/preferences.ts';

type Keys = Readonly<Record<string, () => void>>;

/** Whose keys count: a screen's before those of what stands around it. */
const stack: { current: Keys }[] = [];

/**
 * Shortcuts of one key, by what `KeyboardEvent.key` calls them in lower case. Not while somebody types, not within a dialog,
 * not with a modifier, and not at all where they are switched off (WCAG 2.1.4).
 */
export function useSingleKeys(keys: Keys, { enabled = true } = {}): void {
  const [{ singleKeys }] = usePreferences();
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!singleKeys || !enabled) return undefined;
    stack.push(latest);
    if (stack.length === 1) window.addEventListener('keydown', listen);
    return () => {
      stack.splice(stack.indexOf(latest), 1);
      if (stack.length === 0) window.removeEventListener('keydown', listen);
    };
  }, [singleKeys, enabled]);
}

function listen(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isElsewhere(event)) return;
  const key = event.key.toLowerCase();
  const act = stack.findLast(({ current }) => current[key] !== undefined)?.current[key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/** Where a key means something of its own. */
function isElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === 'Enter' && target.closest('a, button, input, summary') !== null) return true;
  if (target.closest('[role="dialog"], [role="listbox"], [role="menu"]') !== null) return true;
  const types = target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
  return types || target.isContentEditable || target.matches('textarea, select');
}
