import { readFileSync } from 'node:fs';
import type { ReleaseFeed } from '@postern/shared/protocol/release-feed';
import { readFeed } from './read-feed.ts';

let feed: ReleaseFeed | undefined;

/** The feed that came with this version of the program. It is as trusted as the program is, and so not signed. */
export function bundledFeed(): ReleaseFeed {
  feed ??= readFeed(JSON.parse(readFileSync(new URL('bundled-feed.json', import.meta.url), 'utf8')));
  return feed;
}
