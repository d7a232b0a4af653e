import { Page } from './page.tsx';
import { Problem } from './problem.tsx';
import { Waiting } from './waiting.tsx';

/**
 * Stands in for what is not here: it is on its way, or could not be read, with a way to try again.
 *
 * @param props.title heads the screen where this is all of it, as long as nobody knows what it is called
 */
export function NotYet({ error, refetch, title }: { error: unknown; refetch: () => unknown; title?: string }) {
  const content = error === null ? <Waiting /> : <Problem error={error} again={() => void refetch()} />;
  return title === undefined ? content : <Page title={title}>{content}</Page>;
}
