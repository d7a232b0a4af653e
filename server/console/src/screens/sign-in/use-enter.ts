import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { consolePath } from '@postern/shared/console-path';
import { queryClient } from '../../api/queries.ts';

/** Where somebody is on their way in. */
export interface Entering {
  isBusy: boolean;
  /** Does what signs somebody in; true when they are, and the console goes on to where they wanted to go. */
  enter: (act: () => Promise<boolean>) => Promise<void>;
}

/** @param to where to go afterwards, as the address says: somebody else may have written it */
export function useEnter(to: string | undefined): Entering & { error: unknown; forget: () => void } {
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const enter = async (act: () => Promise<boolean>) => {
    setBusy(true);
    setError(undefined);
    try {
      if (await act()) {
        // What was read before belongs to nobody, or to somebody else.
        queryClient.clear();
        const [path = '/', query = ''] = consolePath(to).split('?', 2);
        await navigate({ to: path, search: Object.fromEntries(new URLSearchParams(query)), replace: true });
      }
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, enter, error, forget: () => setError(undefined) };
}
