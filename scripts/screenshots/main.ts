/** What `node scripts/screenshots.mjs` does: a demo in a folder of its own, its server, a browser, and a picture of each screen. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from './browser-types.ts';
import { systemActor } from '../../server/src/audit/event.ts';
import { readConfig } from '../../server/src/config-read.ts';
import { createSignInLink, findUserByEmail } from '../../server/src/identity/index.ts';
import { type RunningServer, start } from '../../server/src/start.ts';
import { findBrowser, howToGetBrowser, launchBrowser } from '../../test/src/support/browser.ts';
import { demoPeople } from '../demo/links.ts';
import { makeDemo } from '../demo/make.ts';
import { readOptions } from '../demo/options.ts';
import { demoEnvironment } from '../demo/stage.ts';
import { shrinkPng } from './png.ts';
import { type Read, type Shot, shots, type Viewer } from './shots.ts';

type Cookies = Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>;

const target = resolve(import.meta.dirname, '../../docs/screenshots');
/** Of one picture: they are many, and each version of them stays in the repository. */
const maxBytes = 60_000;
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };

const executable = findBrowser();
if (executable === undefined) throw new Error(howToGetBrowser);
const names = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const port = process.env['POSTERN_PORT'] ?? '7429';
const folder = mkdtempSync(join(tmpdir(), 'postern-screenshots-'));
const options = readOptions(['--folder', join(folder, 'demo'), '--no-serve', '--port', port]);
console.log('Making the demo …');
const receivers = await makeDemo(options, () => undefined);
const server = await start(readConfig({ ...demoEnvironment(options), POSTERN_LIMIT_SIGN_IN: '1000' }));
const browser = await launchBrowser(executable);
const failed: string[] = [];
/** Cookies of who has signed in already: a link for each picture would fill the record and the notices. */
const signedIn = new Map<Viewer, Cookies>();
try {
  mkdirSync(target, { recursive: true });
  for (const shot of shots.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const bytes = await take(browser, server, shot).catch((error: unknown) => {
      failed.push(`${shot.name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (bytes === undefined) continue;
    writeFileSync(join(target, `${shot.name}.png`), bytes);
    console.log(`${shot.name}.png  ${Math.round(bytes.length / 1024)} kB`);
  }
} finally {
  await browser.close();
  await server.stop();
  receivers.close();
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0) {
  console.error(`Not taken:\n${failed.map((each) => `  ${each}`).join('\n')}`);
  process.exitCode = 1;
}

/** Undefined where the demo has nothing to show. */
async function take(browser: Browser, server: RunningServer, shot: Shot): Promise<Buffer | undefined> {
  const { issuer } = server.deps.config;
  const context = await browser.newContext({
    viewport: shot.narrow ? sizes.narrow : sizes.wide,
    colorScheme: shot.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(15_000);
  try {
    const page = await context.newPage();
    // Asks the backend nothing.
    await page.goto(`${issuer}/console/deny`);
    const cookies = signedIn.get(shot.as);
    if (cookies !== undefined) await context.addCookies(cookies);
    else if (shot.as !== 'nobody') {
      await signIn(page, server, shot.as);
      signedIn.set(shot.as, await context.cookies());
    }
    const path = typeof shot.path === 'string' ? shot.path : await shot.path(reader(page));
    if (path === undefined) throw new Error('the demo has nothing to show there');
    return await picture(page, `${issuer}/console${path}`, shot);
  } finally {
    await context.close();
  }
}

async function picture(page: Page, address: string, { prepare }: Shot): Promise<Buffer> {
  await page.goto('about:blank');
  await page.goto(address);
  await settled(page);
  if (prepare !== undefined) {
    await prepare(page);
    await settled(page);
  }
  return shrinkPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }), maxBytes);
}

/** The screen has its heading, and nothing that it asked for is still on its way. */
async function settled(page: Page): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 }).first();
  await heading.waitFor();
  // As when somebody builds the console anew meanwhile.
  if ((await heading.innerText()) === 'This screen could not be shown')
    throw new Error('the code of the screen is gone');
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.locator('.mantine-Loader-root:visible').first().waitFor({ state: 'detached' });
  // Two frames: what has arrived is drawn. Charts draw themselves after their size is known.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done), 400)))',
  );
}

/** With the code of a link. */
async function signIn(page: Page, { deps }: RunningServer, as: Exclude<Viewer, 'nobody'>): Promise<void> {
  const email = (await demoPeople(deps))[as];
  const user = email === undefined ? undefined : await findUserByEmail(deps.store.read, email);
  if (user === undefined) throw new Error(`the demo has no ${as}`);
  const { link } = await createSignInLink(deps, user.id, systemActor, deps.clock.now());
  const status = await page.evaluate(async (code) => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) };
    return (await fetch('/v1/admin/session', request)).status;
  }, link.split('#sign-in=')[1]);
  if (status !== 200) throw new Error(`no session for ${as}: ${status}`);
}

function reader(page: Page): Read {
  return (path) =>
    page.evaluate(async (address) => (await (await fetch(address)).json()) as Record<string, unknown>, path);
}
