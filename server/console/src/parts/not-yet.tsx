import { Problem } from './problem.tsx';
import { Waiting } from './waiting.tsx';

/** Stands in for what is not here: it is on its way, or could not be read, with a way to try again. */
export function NotYet({ error, refetch }: { error: unknown; refetch: () => unknown }) {
  return error === null ? <Waiting /> : <Problem error={error} again={() => void refetch()} />;
}
