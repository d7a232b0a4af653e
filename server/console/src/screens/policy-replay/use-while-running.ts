import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { refreshPath } from '../../api/queries.ts';

const every = 1500;

/** Progress is no event of its own: while something runs it is looked at again and again. */
export function useWhileRunning(path: string, isRunning: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => void refreshPath(client, path), every);
    return () => clearInterval(timer);
  }, [client, path, isRunning]);
}
