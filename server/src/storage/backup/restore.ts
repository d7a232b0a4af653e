import { randomBytes } from 'node:crypto';
import type { Instant } from '@postern/shared/time';
import { chainEvent } from '../../audit/chain.ts';
import { type Actor, systemActor } from '../../audit/event.ts';
import { migrate } from '../migrate.ts';
import { tableOf } from '../tables.ts';
import { BackupError, type BackupRow, type BackupSummary, type Progress } from './format.ts';
import { type Loader, openLoader } from './loader.ts';
import { inspect, readBackup } from './read-backup.ts';

interface RestoreOptions {
  now: Instant;
  /** Without it, a database that holds anything is left alone. */
  replace: boolean;
  /**
   * Marks the evidence of every device as a fresh start (devices/fresh-start.ts): what devices attested since the backup
   * is not in it, so the next attestation of each would look like that of a clone.
   */
  freshStartHash: string;
  actor?: Actor;
  onProgress?: Progress;
}

/**
 * Checks a backup from end to end, then loads it in one transaction, also while a server uses the database.
 * The restored chain goes on with an entry that says so and names the head of the chain that was replaced.
 * Throws BackupError, having changed nothing, when the backup is not whole or the database is not empty.
 */
export async function restore(databaseUrl: string, file: string, options: RestoreOptions): Promise<BackupSummary> {
  const summary = await inspect(file);
  await migrate(databaseUrl);
  const loader = await openLoader(databaseUrl);
  try {
    if (!options.replace && (await loader.holdsData())) {
      throw new BackupError('not-empty', 'the database holds data already; restoring would replace all of it');
    }
    const replaced = await loader.chainHead();
    const epoch = await loader.meta('policy_epoch');
    await loader.clear();
    const sha256 = await load(loader, file, options.onProgress);
    // The file was read twice; what was loaded must be what was checked.
    if (sha256 !== summary.sha256) throw new BackupError('damaged', 'the backup changed while it was being restored');
    await loader.startHistoriesAfresh(options.freshStartHash);
    await loader.setMeta('policy_epoch', epochAfter(epoch, await loader.meta('policy_epoch')));
    const chained = chainEvent(
      summary.chain.head,
      {
        at: options.now,
        type: 'backup.restored',
        outcome: 'success',
        actor: options.actor ?? systemActor,
        subject: null,
        data: { takenAt: summary.createdAt, sha256, replaced: replaced === undefined ? null : { ...replaced } },
      },
      () => randomBytes(32).toString('base64url'),
    );
    const row: Record<string, string | number | null> = chained.row;
    await loader.insert('audit', [Object.keys(tableOf('audit').columns).map((column) => row[column] ?? null)]);
    await loader.commit();
    return summary;
  } finally {
    await loader.close();
  }
}

const portion = 1000;

async function load(loader: Loader, file: string, onProgress: Progress | undefined): Promise<string> {
  let waiting: BackupRow[] = [];
  let current: Parameters<Loader['insert']>[0] | undefined;
  let sha256 = '';
  const flush = async () => {
    if (current !== undefined && waiting.length > 0) await loader.insert(current, waiting);
    waiting = [];
  };
  for await (const item of readBackup(file)) {
    if (item.kind === 'row') {
      waiting.push(item.row);
      if (waiting.length >= portion) await flush();
      continue;
    }
    await flush();
    if (item.kind === 'table') current = item.table;
    if (item.kind === 'trailer') {
      ({ sha256 } = item);
      for (const [table, rows] of Object.entries(item.rows)) onProgress?.({ table, rows });
    }
  }
  return sha256;
}

/** One that no server can have in its memory as the epoch of other policies. */
function epochAfter(...epochs: readonly (string | undefined)[]): string {
  return String(Math.max(0, ...epochs.map((epoch) => Number(epoch)).filter(Number.isSafeInteger)) + 1);
}
