import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { ReleaseFeed } from '@postern/shared/protocol/release-feed';
import { day, fromTimestamp, type Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Config } from '../config.ts';
import { nextEpoch } from '../policy/epoch.ts';
import { deleteAny, insert } from '../storage/change.ts';
import { ConflictError, type Store } from '../storage/store.ts';
import { type FeedKeys, readFeedKeys } from './feed-keys.ts';
import { openFeed, type SignedFeed } from './open-feed.ts';
import { feedInForce } from './read-releases.ts';
import { readStoredFeed } from './stored-feed.ts';

/** The parts of Deps that are needed: all of it would lead back here by way of the policies. */
export interface ImportDeps {
  store: Store;
  config: Pick<Config, 'feed'>;
}

export interface Imported {
  sequence: number;
  issuedAt: string;
  keyId: string;
}

/** Feeds that newer ones replaced are kept for so long. */
const keepMs = 400 * day;
const maxAttempts = 3;

/**
 * Takes a signed feed into use: every verdict is judged by it from then on. It must be newer than the one in force.
 *
 * @throws Fault feed_keys_missing, feed_keys_invalid, feed_invalid, feed_untrusted, feed_outdated, conflict
 */
export async function importFeed(deps: ImportDeps, jws: string, actor: Actor, now: Instant): Promise<Imported> {
  const keys = await declaredKeys(deps);
  try {
    const signed = await openFeed(jws, keys, now);
    await takeIn(deps, signed, actor, now);
    const { feed, keyId } = signed;
    return { sequence: feed.sequence, issuedAt: feed.issuedAt, keyId };
  } catch (error) {
    // The one that is in force, once more: nothing was tried.
    if (error instanceof Fault && error.members['same'] !== true) await recordRefusal(deps, { jws, error, actor }, now);
    throw error;
  }
}

/** The keys that may sign. Throws Fault feed_keys_missing, feed_keys_invalid. */
export async function declaredKeys({ config }: Pick<ImportDeps, 'config'>): Promise<FeedKeys> {
  if (config.feed.keysFile === null) throw new Fault('feed_keys_missing');
  return readFeedKeys(config.feed.keysFile);
}

async function takeIn({ store }: ImportDeps, { feed, keyId }: SignedFeed, actor: Actor, now: Instant): Promise<void> {
  const document = canonicalJson(feed);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { epoch, stored } = await readStoredFeed({ read: store.read });
    const before = feedInForce(stored?.document ?? null);
    refuseOlder(feed, before.feed, document);
    try {
      await store.commit({
        changes: [
          nextEpoch(epoch),
          deleteAny('release_feeds', { imported_at: { lte: now - keepMs } }),
          insert('release_feeds', {
            sequence: feed.sequence,
            issued_at: fromTimestamp(feed.issuedAt),
            document,
            key_id: keyId,
            imported_by: actor.id ?? actor.kind,
            imported_at: now,
          }),
        ],
        audit: [
          {
            at: now,
            type: 'feed.imported',
            outcome: 'success',
            actor,
            subject: { kind: 'release-feed', id: String(feed.sequence) },
            data: { keyId, issuedAt: feed.issuedAt, documentHash: sha256(document), previous: before.feed.sequence },
          },
        ],
      });
      return;
    } catch (error) {
      // Something else of the rulebook changed at the same moment, a newer feed perhaps.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  throw new Fault('conflict');
}

/** A feed that was replaced must not come back: it knows less, and somebody may want it so. */
function refuseOlder(feed: ReleaseFeed, inForce: ReleaseFeed, document: string): void {
  if (feed.sequence > inForce.sequence && fromTimestamp(feed.issuedAt) >= fromTimestamp(inForce.issuedAt)) return;
  throw new Fault('feed_outdated', {
    members: { in_force: inForce.sequence, same: canonicalJson(inForce) === document },
    details: [{ path: 'feed.sequence', message: `must be above ${inForce.sequence}, and issued no earlier` }],
  });
}

async function recordRefusal(
  { store }: ImportDeps,
  { jws, error, actor }: { jws: string; error: Fault; actor: Actor },
  now: Instant,
): Promise<void> {
  const data = {
    code: error.code,
    documentHash: sha256(jws),
    details: error.details.slice(0, 5).map(({ path }) => path),
  };
  await store.commit({
    changes: [],
    audit: [{ at: now, type: 'feed.refused', outcome: 'failure', actor, subject: null, data }],
  });
}
