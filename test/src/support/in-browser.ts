import assert from 'node:assert/strict';
import { after, afterEach, describe, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { findBrowser, howToGetBrowser, launchBrowser } from './browser.ts';
import { Visitor } from './visitor.ts';

/** Opens an address in a browser that is somebody's own; closed with the test, which fails if anything went wrong in a page. */
export interface Visit {
  (t: TestContext, address: string): Promise<Visitor>;
  /** The same for whoever follows that link to sign in, and is signed in already: for stories that are about something else. */
  signedIn(t: TestContext, link: string, address: string): Promise<Visitor>;
}

/** One for all the files of this process: starting it takes longer than opening somebody's own place in it. */
let browser: Promise<Browser> | undefined;

/** Stories that are played in the browser of this machine, one for all of them. Without one they fail in CI, and are skipped elsewhere. */
export function inBrowser(name: string, stories: (visit: Visit) => void): void {
  const executable = findBrowser();
  if (executable === undefined) {
    if (process.env['CI'] === 'true') test(name, () => assert.fail(howToGetBrowser));
    else test(name, { skip: howToGetBrowser }, () => undefined);
    return;
  }
  after(async () => (await browser)?.close());
  describe(name, () => {
    const visitors: Visitor[] = [];
    afterEach(() => {
      const faults = visitors.splice(0).flatMap((visitor) => visitor.faults);
      assert.deepEqual(faults, [], 'what went wrong in the pages');
    });
    const come = async (t: TestContext) => {
      browser ??= launchBrowser(executable);
      const visitor = await Visitor.come(await browser);
      visitors.push(visitor);
      t.after(() => visitor.page.context().close());
      return visitor;
    };
    const visit = async (t: TestContext, address: string) => {
      const visitor = await come(t);
      await visitor.page.goto(address);
      return visitor;
    };
    const signedIn = async (t: TestContext, link: string, address: string) => {
      const visitor = await come(t);
      await visitor.signIn(link);
      await visitor.page.goto(address);
      return visitor;
    };
    stories(Object.assign(visit, { signedIn }));
  });
}
