import type { launchBrowser } from '../../test/src/support/browser.ts';

// As the tests have them: the library is theirs.
export type Browser = Awaited<ReturnType<typeof launchBrowser>>;
export type Page = Awaited<ReturnType<Browser['newPage']>>;
