import assert from 'node:assert/strict';
import { inBrowser } from '../support/in-browser.ts';
import { test } from 'node:test';
import { ConsoleScene } from './scene.ts';

const limit = 350_000;

/** Of these nobody needs anything before they edit a policy or look at a chart. */
const heavy = /codemirror|yaml-editor|recharts|chart/i;

inBrowser('the first load of the console', (visit) => {
  test('is under 350 kB as it comes over the network, without the editor and the charts', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const visitor = await visit(t, 'about:blank');
    const loaded = new Map<string, { url: string; bytes: number }>();
    const devTools = await visitor.page.context().newCDPSession(visitor.page);
    await devTools.send('Network.enable');
    devTools.on('Network.responseReceived', ({ requestId, response: { url } }) =>
      loaded.set(requestId, { url, bytes: 0 }),
    );
    devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const answer = loaded.get(requestId);
      if (answer !== undefined) answer.bytes = encodedDataLength;
    });
    await visitor.goto(link, 'Overview');
    await visitor.page.waitForLoadState('load');
    const files = [...loaded.values()].filter(({ url }) => url.includes('/console/'));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const largest = files.toSorted((a, b) => b.bytes - a.bytes).map(({ url, bytes: size }) => `${size} ${url}`);
    t.diagnostic(`${bytes} bytes in ${files.length} files`);
    assert.ok(bytes > 100_000, `only ${bytes} bytes were counted`);
    assert.ok(bytes < limit, `${bytes} bytes:\n${largest.slice(0, 10).join('\n')}`);
    assert.deepEqual(
      largest.filter((file) => heavy.test(file)),
      [],
    );
  });
});
