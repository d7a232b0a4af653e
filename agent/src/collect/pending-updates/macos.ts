// Read from recorded output; not run on the system itself.
import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { day, toTimestamp, type Instant } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { instantOf } from '../macos/plist.ts';
import { readPreferences } from '../macos/preferences.ts';
import type { System } from '../system.ts';
import { parseUpdateList } from './macos-parse.ts';

type PendingUpdates = z.infer<typeof pendingUpdates.value>;

const method = 'softwareupdate --list --no-scan; com.apple.SoftwareUpdate LastSuccessfulDate';

/**
 * What macOS found when it looked for updates by itself, every few hours; asking Apple's servers takes up to a
 * minute. The numbers in its preferences (LastRecommendedUpdatesAvailable) stay behind after an update.
 */
export async function readMacos(system: System): Promise<Finding<PendingUpdates>> {
  const [result, build, refreshedAt] = await Promise.all([
    system.run('/usr/sbin/softwareupdate', ['--list', '--no-scan'], { deadlineMs: 12_000 }),
    system.run('/usr/bin/sw_vers', ['-buildVersion']),
    lastScan(system),
  ]);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'softwareupdate'), method };
  // What ends within a line was cut off, and what was cut off may be an update.
  const isWhole = [result.stdout, result.stderr].every((text) => text === '' || text.endsWith('\n'));
  const labels = result.code === 0 && isWhole ? parseUpdateList(`${result.stdout}\n${result.stderr}`) : undefined;
  if (labels === undefined) {
    return unknown(
      'output-unreadable',
      'softwareupdate did not say whether updates wait. Look in System Settings, General, Software Update.',
      method,
    );
  }
  // A Mac that never looked says the same as one that looked and found nothing.
  if (labels.length === 0 && refreshedAt === undefined) {
    return unknown(
      'no-data',
      'macOS does not tell when it last looked for updates. Open System Settings, General, Software Update, and let it look.',
      method,
    );
  }
  const installed = build.outcome === 'exited' ? build.stdout.trim() : '';
  // The list is older than the update that was just installed, and still offers it.
  const waiting = labels.filter((label) => installed === '' || !label.endsWith(`-${installed}`));
  return found(
    {
      count: waiting.length,
      securityCount: null,
      restartRequired: null,
      listRefreshedAt: refreshedAt === undefined ? null : toTimestamp(refreshedAt),
      source: 'softwareupdate',
    },
    method,
  );
}

/** The last time that Apple's servers answered; undefined where that is not told, or told by a clock that was wrong. */
async function lastScan(system: System): Promise<Instant | undefined> {
  const preferences = await readPreferences(system, 'com.apple.SoftwareUpdate');
  if (preferences.outcome !== 'read') return undefined;
  const instant =
    instantOf(preferences.get('LastSuccessfulDate')) ?? instantOf(preferences.get('LastFullSuccessfulDate'));
  return instant !== undefined && instant <= system.clock.now() + day ? instant : undefined;
}
