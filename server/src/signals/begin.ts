import type { Deps } from '../deps.ts';
import { ConflictError } from '../storage/store.ts';
import { moved, readPlace } from './place.ts';

/**
 * Begins to tell from what is there when a server of this kind first starts. To be called before anybody is served, so that
 * nothing that anybody does is lost. Safe on every start, and on several nodes at once.
 */
export async function beginToSignal(deps: Pick<Deps, 'store'>): Promise<void> {
  const place = await readPlace(deps);
  if (!(await isAnyUnknown(deps)) || place.swept === '') return;
  try {
    await deps.store.commit({ changes: [moved(place, { ...place, swept: '' })], audit: [] });
  } catch (error) {
    // Another node tells of something, or began too: whatever is left is found at the next start.
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** After a migration, and after an older backup was restored, there are devices whose posture is not kept yet. */
async function isAnyUnknown({ store }: Pick<Deps, 'store'>): Promise<boolean> {
  const unknown = await store.read
    .selectFrom('device_trust')
    .select('device_id')
    .where('posture', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return unknown !== undefined;
}
