import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findFaults } from './axe.ts';

/** The ways in which people look at a screen. */
const looks = {
  desk: { colorScheme: 'light', width: 1280 },
  phone: { colorScheme: 'dark', width: 360 },
} as const;

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
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      // Leaving what is not saved is asked by the browser itself.
      if (dialog.type() !== 'beforeunload') faults.push(`dialog: ${dialog.message()}`);
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

  /** Goes to a screen and waits until it has its heading. */
  async goto(address: string, heading: string | RegExp): Promise<void> {
    await this.page.goto(address);
    await this.heading(heading);
  }

  /**
   * Goes on to another screen as links do, without loading the page anew, and waits until that one has its heading. From a screen to the
   * same one with other things in it nothing says that they are there: for that there is `goto`.
   */
  async goOn(address: string, heading: string | RegExp = /./): Promise<void> {
    const { page } = this;
    const to = JSON.stringify(address);
    await page.evaluate(`for (const each of document.querySelectorAll('h1')) each.dataset.left = '';
      history.pushState({}, '', ${to}); dispatchEvent(new PopStateEvent('popstate', { state: {} }))`);
    const arrived = page.getByRole('heading', { level: 1, name: heading }).and(page.locator('h1:not([data-left])'));
    await arrived.first().waitFor();
  }

  /** Signs in by a link, as who follows it, but without a screen. */
  async signIn(link: string): Promise<void> {
    const { origin, hash } = new URL(link);
    const data = { code: hash.replace('#sign-in=', '') };
    const answer = await this.page.request.post(`${origin}/v1/admin/session`, { headers: { origin }, data });
    assert.equal(answer.status(), 200, await answer.text());
  }

  async heading(name: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** A part of the screen by its heading. */
  section(title: string | RegExp) {
    return this.page.getByRole('region', { name: title });
  }

  /** Waits until the page says that something has happened, or was refused. */
  async told(text: string | RegExp): Promise<void> {
    const said = this.page.locator('.mantine-Notification-root, [role=alert], [role=status]');
    await said
      .filter({ hasText: text })
      .first()
      .waitFor()
      .catch(async (cause: unknown) => {
        throw new Error(`the page says: ${(await said.allInnerTexts()).join(' | ')}`, { cause });
      });
  }

  /** Answers the question who they are, as it is asked for this. */
  async proveWithPasskey(sentence: string | RegExp): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Show that it is you' });
    await dialog.getByText(sentence).waitFor();
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /**
   * Looks at the screen as people do: in light and in dark, on a phone and on a desk. Nothing is pushed sideways, and axe finds no fault
   * (WCAG 2.2 AA and its best practices). Leaves pictures where POSTERN_SCREENSHOTS names a folder.
   */
  async look(name: string, ways: readonly (keyof typeof looks)[] = ['desk', 'phone']): Promise<void> {
    const { page } = this;
    const folder = process.env['POSTERN_SCREENSHOTS'];
    const before = page.viewportSize() ?? { width: 1280, height: 900 };
    for (const way of ways) {
      const { colorScheme, width } = looks[way];
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
      await this.fits(name);
      await this.#axe(`${name}, ${colorScheme}, ${width} px`);
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(before);
  }

  /** Nothing is pushed sideways. */
  async fits(name: string): Promise<void> {
    const width = this.page.viewportSize()?.width ?? looks.desk.width;
    const needed = await this.#neededWidth(width);
    assert.ok(needed <= width, `${name} needs ${needed} px where there are ${width}`);
  }

  /** The frame around the screen takes a moment to follow. Asked from here: what waits within a page needs `eval` there, which it forbids. */
  async #neededWidth(width: number): Promise<number> {
    const until = Date.now() + 3000;
    for (;;) {
      const needed = await this.page.evaluate<number>('document.documentElement.scrollWidth');
      if (needed <= width || Date.now() > until) return needed;
    }
  }

  async #axe(place: string): Promise<void> {
    const found = (await findFaults(this.page)).map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`),
    }));
    assert.deepEqual(found, [], place);
  }
}
