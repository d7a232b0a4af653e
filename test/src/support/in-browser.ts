import assert from 'node:assert/strict';
import { after, afterEach, before, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { findBrowser, howToGetBrowser, launchBrowser } from './browser.ts';
import { Visitor } from './visitor.ts';

/** Opens an address in a browser that is somebody's own; closed with the test, which fails if anything went wrong in a page. */
export type Visit = (t: TestContext, address: string) => Promise<Visitor>;

/** Stories that are played in the browser of this machine, one browser for all of them. Without one they fail in CI, and are skipped elsewhere. */
export function inBrowser(name: string, stories: (visit: Visit) => void): void {
  const executable = findBrowser();
  if (executable === undefined) {
    if (process.env['CI'] === 'true') test(name, () => assert.fail(howToGetBrowser));
    else test(name, { skip: howToGetBrowser }, () => undefined);
    return;
  }
  describe(name, () => {
    let browser: Browser;
    const visitors: Visitor[] = [];
    before(async () => {
      browser = await launchBrowser(executable);
    });
    after(() => browser.close());
    afterEach(() => {
      const faults = visitors.splice(0).flatMap((visitor) => visitor.faults);
      assert.deepEqual(faults, [], 'what went wrong in the pages');
    });
    stories(async (t, address) => {
      const visitor = await Visitor.come(browser);
      visitors.push(visitor);
      t.after(() => visitor.page.context().close());
      await visitor.page.goto(address);
      return visitor;
    });
  });
}
