import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/**
 * axe itself, without its runner for Playwright: for each look that one puts all of it into the page twice and brings back what passed,
 * too, which takes three times as long as looking.
 */
const source = readFileSync(
  createRequire(import.meta.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);

interface Fault {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe finds wrong with a page as it is now: all of its rules. Our pages have no frames. */
export async function findFaults(page: Page): Promise<Fault[]> {
  // A page keeps it until it is loaded anew.
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(`${source}\n;0`);
  const found = await page.evaluate<string>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations))`,
  );
  return JSON.parse(found) as Fault[];
}
