import { deleteAny } from '../storage/change.ts';
import type { Store } from '../storage/store.ts';

/** Replays that are kept, with their devices. */
const replaysKept = 20;
/** Devices forgotten in one unit: a token may wait behind it. */
const atOnce = 250;

/**
 * Forgets the oldest replays.
 *
 * @param newest the one that is about to end: it stays, beside the others
 */
export async function pruneReplays(store: Pick<Store, 'read' | 'commit'>, newest: string): Promise<void> {
  const old = await store.read
    .selectFrom('policy_replays')
    .select('id')
    .where('state', '!=', 'running')
    .where('id', '!=', newest)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .offset(replaysKept - 1)
    .limit(1000)
    .execute();
  for (const { id } of old) {
    for (;;) {
      const devices = await store.read
        .selectFrom('policy_replay_devices')
        .select('device_id')
        .where('replay_id', '=', id)
        .limit(atOnce)
        .execute();
      if (devices.length === 0) break;
      const changes = devices.map(({ device_id }) => deleteAny('policy_replay_devices', { replay_id: id, device_id }));
      await store.commit({ changes, audit: [] });
    }
    await store.commit({ changes: [deleteAny('policy_replays', { id })], audit: [] });
  }
}
