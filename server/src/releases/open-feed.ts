import { compactVerify } from 'jose';
import { Fault } from '@postern/shared/protocol/errors';
import { longestFeed, type ReleaseFeed, releaseFeedType } from '@postern/shared/protocol/release-feed';
import { fromTimestamp, type Instant, minute } from '@postern/shared/time';
import { openJws } from '../jws/index.ts';
import type { FeedKeys } from './feed-keys.ts';
import { readFeed } from './read-feed.ts';

/** A feed whose signature was verified. */
export interface SignedFeed {
  feed: ReleaseFeed;
  keyId: string;
}

/** Clocks differ a little. */
const aheadMs = 5 * minute;

/**
 * Verifies a signed feed: by a declared key, with the algorithm of that key, of the right type, of now.
 *
 * @throws Fault feed_invalid, feed_untrusted
 */
export async function openFeed(text: string, keys: FeedKeys, now: Instant): Promise<SignedFeed> {
  const jws = openJws(text.trim(), longestFeed);
  if (jws === undefined) throw invalid('jws', 'must be a compact JWS over JSON, 1.4 MB at most, no member twice');
  const { typ, alg, kid } = jws.header;
  if (typ !== releaseFeedType) throw invalid('jws.header.typ', `must be ${releaseFeedType}`);
  const key = typeof kid === 'string' ? keys.get(kid) : undefined;
  if (key === undefined || key.alg !== alg) throw new Fault('feed_untrusted');
  try {
    await compactVerify(jws.text, key.key, { algorithms: [key.alg] });
  } catch (cause) {
    throw new Fault('feed_untrusted', { cause });
  }
  const feed = readFeed(jws.payload);
  if (fromTimestamp(feed.issuedAt) > now + aheadMs) throw invalid('feed.issuedAt', 'is in the future');
  if (fromTimestamp(feed.staleAfter) <= now) throw invalid('feed.staleAfter', 'is over: ask for a newer feed');
  return { feed, keyId: key.kid };
}

function invalid(path: string, message: string): Fault {
  return new Fault('feed_invalid', { details: [{ path, message }] });
}
