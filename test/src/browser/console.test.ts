import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { findBrowser, howToGetBrowser, launchBrowser, Visitor } from '../support/browser.ts';
import { approving } from './approving.ts';
import { asking } from './asking.ts';
import { hostility } from './hostile.ts';
import type { Visit } from './scene.ts';
import { signingIn } from './signing-in.ts';

const name = 'the console in a browser';

function stories(executablePath: string): void {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser(executablePath);
  });
  after(() => browser.close());

  const visit: Visit = async (t, address) => {
    const visitor = await Visitor.come(browser);
    t.after(() => visitor.page.context().close());
    await visitor.page.goto(address);
    return visitor;
  };
  approving(visit);
  asking(visit);
  hostility(visit);
  signingIn(visit);
}

const executable = findBrowser();
if (executable !== undefined) describe(name, () => stories(executable));
else if (process.env['CI'] === 'true') test(name, () => assert.fail(howToGetBrowser));
else test(name, { skip: howToGetBrowser }, () => undefined);
