import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import type { Entering } from './use-enter.ts';

const codeInAddress = () => new URLSearchParams(location.hash.slice(1)).get('sign-in');

/** Uses the one-time link that somebody came with. True while there is one. */
export function useLinkInAddress(enter: Entering['enter']): boolean {
  const [code] = useState(codeInAddress);
  const isUsed = useRef(false);
  useEffect(() => {
    if (code === null || isUsed.current) return;
    isUsed.current = true;
    // It must not stay in the bar or the history.
    history.replaceState(history.state, '', location.pathname + location.search);
    void enter(async () => {
      await call('POST', '/v1/admin/session', { code });
      return true;
    });
  }, [code, enter]);
  return code !== null;
}
