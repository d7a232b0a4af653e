import { type ReleaseFeed, releaseFeedSchema } from '@postern/shared/protocol/release-feed';
import { fromTimestamp } from '@postern/shared/time';
import { bundledFeed } from './bundled.ts';
import { feedReleases } from './feed-releases.ts';
import type { Releases } from './release-facts.ts';

/**
 * The releases that a stored feed describes, or those of the copy that came with the program where it is newer or none
 * was imported.
 *
 * @param document of the newest row of release_feeds; null where there is none
 */
export function readReleases(document: string | null): Releases {
  if (last?.document !== document) last = { document, releases: feedReleases(feedInForce(document).feed) };
  return last.releases;
}

/** The rulebook is read again for each change of it, and seldom for the feed; the same object keeps what was asked of it. */
let last: { document: string | null; releases: Releases } | undefined;

/**
 * Which feed counts: the newer one. It was checked when it was imported; should this version of the program not read it,
 * the bundled copy stands in rather than that nobody is judged any more.
 */
export function feedInForce(document: string | null): { origin: 'bundled' | 'imported'; feed: ReleaseFeed } {
  const bundled = bundledFeed();
  const stored = document === null ? undefined : storedFeed(document);
  return stored !== undefined && isNewer(stored, bundled)
    ? { origin: 'imported', feed: stored }
    : { origin: 'bundled', feed: bundled };
}

/** By sequence; of two with the same one, by when they were issued. */
function isNewer(one: ReleaseFeed, other: ReleaseFeed): boolean {
  if (one.sequence !== other.sequence) return one.sequence > other.sequence;
  return fromTimestamp(one.issuedAt) > fromTimestamp(other.issuedAt);
}

function storedFeed(document: string): ReleaseFeed | undefined {
  try {
    return releaseFeedSchema.safeParse(JSON.parse(document)).data;
  } catch {
    return undefined;
  }
}
