import type { z } from 'zod';
import type { releaseFeedViewSchema } from '@postern/shared/protocol/release-feed';
import { day, fromTimestamp, type Instant, toTimestamp } from '@postern/shared/time';
import type { ImportDeps } from './import-feed.ts';
import { feedInForce } from './read-releases.ts';
import { readStoredFeed } from './stored-feed.ts';

export type FeedView = z.input<typeof releaseFeedViewSchema>;

/** A program that nobody updated for so long does not know the releases of today. */
const oldDays = 90;

/** Which feed is in force, where from, and what is wrong with it. */
export async function viewFeed({ store, config }: ImportDeps, now: Instant): Promise<FeedView> {
  const { stored } = await readStoredFeed({ read: store.read });
  const { origin, feed } = feedInForce(stored?.document ?? null);
  const imported = origin === 'imported' ? stored : null;
  const ageDays = Math.max(0, Math.floor((now - fromTimestamp(feed.issuedAt)) / day));
  const stale = now >= fromTimestamp(feed.staleAfter);
  return {
    origin,
    sequence: feed.sequence,
    issuedAt: feed.issuedAt,
    staleAfter: feed.staleAfter,
    ageDays,
    stale,
    notice: noticeOf({ origin, ageDays, stale, hasOlder: stored !== null }),
    note: feed.note ?? null,
    keyId: imported?.keyId ?? null,
    importedAt: imported === null ? null : toTimestamp(imported.importedAt),
    importedBy: imported?.importedBy ?? null,
    fetched: config.feed.from !== null,
    systems: feed.systems.map((system) => ({
      name: system.name,
      rolling: system.platform === 'linux' && system.rolling,
      releases: system.releases.length,
    })),
  };
}

function noticeOf(given: Pick<FeedView, 'origin' | 'ageDays' | 'stale'> & { hasOlder: boolean }): string | null {
  const { origin, ageDays, stale, hasOlder } = given;
  const consequence = stale
    ? ' It no longer says that anybody has the newest updates; ends of support still count.'
    : '';
  if (origin === 'bundled' && (stale || ageDays > oldDays)) {
    const what = hasOlder
      ? 'The feed that came with the program is newer than the one that was imported, and old itself'
      : 'There is only the feed that came with the program';
    return `${what} (${ageDays} days).${consequence} Update Postern, or import a newer signed feed.`;
  }
  return stale ? `The feed is stale (${ageDays} days old).${consequence} Import a newer one.` : null;
}
