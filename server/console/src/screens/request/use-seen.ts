import { useState } from 'react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { type Change, changeSince } from './change-since.ts';

/**
 * Notices that a request is not any more what was opened: somebody edited it, or it was decided elsewhere. Who decides decides
 * about what they have read.
 */
export function useSeen(exception: ExceptionView, myId: string): { change: Change | null; accept: () => void } {
  const [seen, setSeen] = useState({ requestHash: exception.requestHash, state: exception.state });
  return {
    change: changeSince(seen, exception, myId),
    accept: () => setSeen({ requestHash: exception.requestHash, state: exception.state }),
  };
}
