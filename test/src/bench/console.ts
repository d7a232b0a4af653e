import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { startBackend } from '../support/backend.ts';
import { findBrowser, howToGetBrowser, launchBrowser } from '../support/browser.ts';
import { BrowserSession } from '../support/browser-session.ts';
import { freePort } from '../support/free-port.ts';
import { type Scroll, scrollDevices } from './console-scroll.ts';
import { round } from './figures.ts';

/**
 * `npm run bench console [-- --json --rounds 7 --devices N --rows N --seed N]`: how soon the console can be used in Debian's Chromium, with nothing kept from an
 * earlier visit, by somebody who is signed in. Interactive: the screen has its heading and its navigation, and the last long task
 * (50 ms or more) before a quiet second is over, as Lighthouse has it. And how smoothly somebody scrolls through the devices of a
 * large fleet: how many frames take longer than 50 ms.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '7' },
    devices: { type: 'string', default: '100000' },
    rows: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});

const limits = { bytes: 350_000, interactiveMs: 1500, slowFramesPercent: 5 };
const wanted = { devices: Number(values.devices), rows: Number(values.rows), seed: Number(values.seed) };
const executable = findBrowser();
if (executable === undefined) {
  console.error(howToGetBrowser);
  process.exit(2);
}

const cleaning: (() => void | Promise<void>)[] = [];
const port = String(await freePort());
const backend = await startBackend(
  { after: (clean) => void cleaning.push(clean) },
  { POSTERN_PORT: port, POSTERN_ISSUER: `http://localhost:${port}` },
);
const session = await BrowserSession.open(backend, 'admin@localhost');
const [name = '', value = ''] = session.cookie.split('=');

interface Visit {
  bytes: number;
  interactiveMs: number;
}

const watchLongTasks = `
  globalThis.lastLongTask = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) lastLongTask = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });`;

const afterQuietSecond = `
  new Promise((resolve) => {
    const look = () => (performance.now() - lastLongTask > 1000 ? resolve(lastLongTask) : setTimeout(look, 100));
    look();
  })`;

const transferred = `
  [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
    .filter(({ name }) => name.includes('/console/'))
    .reduce((sum, { transferSize }) => sum + transferSize, 0)`;

/** One visit with an empty cache. */
async function visit(browser: Browser): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([{ name, value, domain: 'localhost', path: '/' }]);
  const page = await context.newPage();
  await page.addInitScript(watchLongTasks);
  await page.goto(`http://localhost:${port}/console/overview`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const shownMs = await page.evaluate<number>('performance.now()');
  // A quiet second, so that nothing is still to come.
  const lastLongTask = await page.evaluate<number>(afterQuietSecond);
  const bytes = await page.evaluate<number>(transferred);
  await context.close();
  return { bytes, interactiveMs: Math.max(shownMs, lastLongTask) };
}

const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;

const browser = await launchBrowser(executable);
const visits: Visit[] = [];
let scrolled: Scroll;
try {
  for (let count = 0; count < Number(values.rounds); count += 1) visits.push(await visit(browser));
  scrolled = await scrollDevices(browser, wanted);
} finally {
  await browser.close();
  for (const clean of cleaning.toReversed()) await clean();
}
const result = {
  firstLoadBytes: median(visits.map(({ bytes }) => bytes)),
  interactiveMs: Math.round(median(visits.map(({ interactiveMs }) => interactiveMs))),
  interactiveWorstMs: Math.round(Math.max(...visits.map(({ interactiveMs }) => interactiveMs))),
  scroll: { ...scrolled, slowFramesPercent: round((scrolled.slowFrames * 100) / scrolled.frames, 1) },
  loadAverage: round(loadavg()[0] ?? 0, 1),
};
const isHeld =
  result.firstLoadBytes < limits.bytes &&
  result.interactiveMs < limits.interactiveMs &&
  scrolled.rows >= wanted.rows &&
  result.scroll.slowFramesPercent <= limits.slowFramesPercent;
if (values.json) console.log(JSON.stringify({ ...result, limits, isHeld }));
else {
  console.log(
    `first load    ${(result.firstLoadBytes / 1000).toFixed(0)} kB over the network (limit ${limits.bytes / 1000} kB)`,
  );
  console.log(
    `interactive   ${result.interactiveMs} ms, worst ${result.interactiveWorstMs} ms (limit ${limits.interactiveMs} ms)`,
  );
  const { rows, frames, slowFrames, slowFramesPercent, worstFrameMs } = result.scroll;
  console.log(
    `scrolling     ${rows} rows of ${wanted.devices}, ${slowFrames} of ${frames} frames over 50 ms: ${slowFramesPercent} % (limit ${limits.slowFramesPercent} %), worst ${worstFrameMs} ms`,
  );
  console.log(`load average  ${result.loadAverage}`);
}
process.exit(isHeld ? 0 : 1);
