import { open } from 'node:fs/promises';
import { longestFeed } from '@postern/shared/protocol/release-feed';
import { second } from '@postern/shared/time';

const timeoutMs = 30 * second;
const maxRedirects = 3;

/**
 * Reads a signed feed from where the operator said: an https address, or a file. An address may send on to another one of
 * the same host and port, and to nowhere else.
 *
 * @throws with a sentence for the log
 */
export async function fetchFeed(from: string, ask: typeof fetch = fetch): Promise<string> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) return readWhole(from);
  let url = URL.parse(from);
  if (url?.protocol !== 'https:') throw new Error('POSTERN_FEED_FROM must be an https address or a file');
  const { host } = url;
  const signal = AbortSignal.timeout(timeoutMs);
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const answer = await ask(url.href, {
      redirect: 'manual',
      signal,
      headers: { accept: 'application/jwt, */*;q=0.1' },
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      const next: URL | null = URL.parse(answer.headers.get('location') ?? '', url.href);
      if (next?.protocol !== 'https:' || next.host !== host)
        throw new Error(`${host} sent on to another place, which is not followed`);
      url = next;
      continue;
    }
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel();
      throw new Error(`${host} answered ${answer.status}`);
    }
    return bounded(answer.body);
  }
  throw new Error(`${host} sent on too often`);
}

async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop ends the transfer.
    if (length > longestFeed) throw new Error('the feed is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readWhole(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > longestFeed) throw new Error('the feed is too large');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
