import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@postern/server/config-read';
import { migrate } from '@postern/server/storage/open-store';
import type { Browser, Page } from 'playwright-core';
import { runCommand } from '../support/command.ts';
import { loadEnvironment } from '../support/load-scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { fillFleet } from './lists-fleet.ts';

/** What somebody saw who went down the list of devices by wheel. */
export interface Scroll {
  rows: number;
  frames: number;
  slowFrames: number;
  worstFrameMs: number;
}

/** A notch of a wheel is 100 to 120; who looks for something turns it fast. */
const notch = 240;
const pauseMs = 16;
const slowMs = 50;
/** Rows of some 45 pixels: whoever has not got there after so many turns does not get any further. */
const mostTurns = 5000;

const watchFrames = `
  globalThis.frames = [];
  let before = performance.now();
  const next = (at) => {
    frames.push(at - before);
    before = at;
    requestAnimationFrame(next);
  };
  requestAnimationFrame((at) => {
    before = at;
    requestAnimationFrame(next);
  });`;

const lastRow = `Math.max(0, ...[...document.querySelectorAll('tr[data-index]')].map((row) => Number(row.dataset.index) + 1))`;

/** Fills a server of its own with a fleet, opens its devices in a browser, and scrolls until so many rows have gone by. */
export async function scrollDevices(
  browser: Browser,
  { devices, seed, rows }: { devices: number; seed: number; rows: number },
): Promise<Scroll> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-scroll-'));
  const made = await loadEnvironment(folder);
  const issuer = `http://localhost:${made['POSTERN_PORT'] ?? ''}`;
  const env = { ...made, POSTERN_ISSUER: issuer, POSTERN_LIMIT_ADMIN: '100000000' };
  const { databaseUrl } = readConfig(env);
  await migrate(databaseUrl);
  fillFleet(databaseUrl.slice('sqlite:'.length), { devices, requests: devices, reviews: 0, seed }, Date.now());
  const { child } = await startServerProcess(env);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(await signInLink(env));
    await page.getByRole('navigation').first().waitFor();
    await lookedThrough(page, issuer);
    await page.goto(`${issuer}/console/devices`);
    await page.locator('tr[data-index]').first().waitFor();
    return await scroll(page, rows);
  } finally {
    await context.close();
    await endProcess(child, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function signInLink(env: Record<string, string>): Promise<string> {
  const asked = ['sign-in-link', '--user', 'scroll@example.org', '--role', 'admin'];
  const { stdout, stderr } = await runCommand('postern-server', asked, env);
  const link = /http:\S+#sign-in=[\w-]+/.exec(stdout)?.[0];
  if (link === undefined) throw new Error(`no link to sign in: ${stdout}${stderr}`);
  return link;
}

/** A server that sees a fleet for the first time judges every device, which is no part of scrolling. */
async function lookedThrough(page: Page, issuer: string): Promise<void> {
  const wait = `new Promise((resolve) => {
    const look = async () => {
      const answer = await fetch('${issuer}/v1/admin/devices/facets').then((reply) => reply.json());
      answer.notLookedAt === 0 ? resolve() : setTimeout(look, 1000);
    };
    look();
  })`;
  await page.evaluate(wait);
}

async function scroll(page: Page, rows: number): Promise<Scroll> {
  await page.mouse.move(640, 500);
  await page.evaluate(watchFrames);
  let reached = 0;
  for (let turns = 0; reached < rows && turns < mostTurns; turns += 1) {
    await page.mouse.wheel(0, notch);
    await page.waitForTimeout(pauseMs);
    if (turns % 20 === 0) reached = await page.evaluate<number>(lastRow);
  }
  const frames = await page.evaluate<number[]>('frames');
  return {
    rows: reached,
    frames: frames.length,
    slowFrames: frames.filter((ms) => ms > slowMs).length,
    worstFrameMs: Math.round(Math.max(...frames)),
  };
}
