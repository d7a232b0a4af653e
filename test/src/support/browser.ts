import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How to get one, for who has none. */
export const howToGetBrowser = 'no Chromium here: apt-get install chromium, or name one in POSTERN_CHROMIUM';

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

/** A page of somebody, who has an authenticator built into their computer, and what went wrong on it. */
export class Visitor {
  readonly page: Page;
  /** What no page of ours may do: errors in scripts, dialogs, refusals by the content security policy. */
  readonly faults: string[];

  private constructor(page: Page, faults: string[]) {
    this.page = page;
    this.faults = faults;
  }

  static async come(browser: Browser): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // A refusal by the backend is part of the story; the page says it in its own words.
      const isRefusal = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
      if (message.type() === 'error' && !isRefusal) faults.push(`console: ${message.text()}`);
    });
    const devTools = await context.newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Visitor(page, faults);
  }

  /** Waits until the page says that something has happened. */
  async told(text: string | RegExp): Promise<void> {
    const notice = this.page.locator('#notice');
    await notice
      .filter({ hasText: text })
      .waitFor()
      .catch(async (cause: unknown) => {
        throw new Error(`the page says: ${await notice.innerText()}`, { cause });
      });
  }

  section(title: string | RegExp) {
    return this.page.getByRole('region', { name: title });
  }

  /** Adds a passkey under "You". */
  async addPasskey(label: string): Promise<void> {
    const you = this.section('You');
    await you.getByText('Add a passkey').click();
    await you.getByLabel('What to call it').fill(label);
    await you.getByRole('button', { name: 'Add', exact: true }).click();
    await this.told(`Added: ${label}`);
  }

  /** Answers the question who they are, as it is asked for this. */
  async useThePasskey(sentence: string | RegExp): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Show that it is you' });
    await dialog.getByText(sentence).waitFor();
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  }

  /**
   * Looks at the page as people do, on a phone and on a desk: nothing is cut off or has to be pushed sideways. Leaves pictures
   * where POSTERN_SCREENSHOTS names a folder.
   */
  async look(name: string): Promise<void> {
    const folder = process.env['POSTERN_SCREENSHOTS'];
    for (const width of [360, 1100]) {
      await this.page.setViewportSize({ width, height: 900 });
      const needed = await this.page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(needed <= width, `${name} needs ${needed} px where there are ${width}`);
      const path = folder === undefined ? undefined : join(folder, `${name}-${width}.png`);
      if (path !== undefined) await this.page.screenshot({ path, fullPage: true });
    }
  }
}
