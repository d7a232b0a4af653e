import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from './browser-name.ts';

const named = (text: string | null) => {
  const found = browserName(text);
  return found === undefined ? undefined : `${found.browser} on ${found.system}`;
};

test('a browser is called what people call it', () => {
  const mozilla = 'Mozilla/5.0';
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const agents: Record<string, string> = {
    [`${mozilla} (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`]: 'Chrome on Linux',
    [`${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`]:
      'Edge on Windows',
    [`${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15`]:
      'Safari on macOS',
    [`${mozilla} (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`]: 'Firefox on Linux',
    [`${mozilla} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1`]:
      'Chrome on iOS',
    [`${mozilla} (Linux; Android 15; SM-S921B) ${webkit} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36`]:
      'Samsung Internet on Android',
  };
  for (const [agent, expected] of Object.entries(agents)) assert.equal(named(agent), expected, agent);
});

test('one that cannot be told is not guessed', () => {
  for (const agent of [null, '', 'curl/8.0', 'Chrome', 'Linux', '<script>alert(1)</script>'])
    assert.equal(named(agent), undefined);
});
