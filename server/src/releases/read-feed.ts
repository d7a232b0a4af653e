import { Fault } from '@postern/shared/protocol/errors';
import { type ReleaseFeed, releaseFeedSchema } from '@postern/shared/protocol/release-feed';

const mostShown = 20;

/**
 * What a document says, when it is a feed.
 *
 * @throws Fault feed_invalid, with what is wrong and where
 */
export function readFeed(document: unknown): ReleaseFeed {
  const parsed = releaseFeedSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.slice(0, mostShown).map(({ path, message }) => ({
    path: ['feed', ...path.map(String)].join('.').slice(0, 200),
    message: message.slice(0, 200),
  }));
  throw new Fault('feed_invalid', { details });
}
