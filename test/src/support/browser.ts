import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

// The same Chromium without the parts around the page, which each new visitor would start as well: a quarter less time.
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** How to get one, for who has none. */
export const howToGetBrowser =
  'no Chromium here: apt-get install chromium-headless-shell (or chromium), or name one in POSTERN_CHROMIUM';

/** The browser of this machine; undefined when there is none. */
export function findBrowser(): string | undefined {
  const named = process.env['POSTERN_CHROMIUM'];
  return (named === undefined ? places : [named]).find((place) => existsSync(place));
}

/** Starts it; whoever starts it closes it. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  // Root has no other way to run it; it opens pages of this test and no others.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
