import { Problem } from '../parts/problem.tsx';
import { Page } from '../parts/page.tsx';
import { t } from '../strings/index.ts';

const words = t.shell.broken;

/**
 * In the place of a screen whose code did not come, or does not work: after an update of the server the old code is not there
 * any more. Only loading the page anew helps, since a module that failed to load is not asked for again.
 */
export function Broken({ error }: { error: unknown }) {
  return (
    <Page title={words.title} lead={words.text}>
      <Problem error={error} title={words.why} again={() => location.reload()} button={words.again} />
    </Page>
  );
}
