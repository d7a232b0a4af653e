import { day, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteAny } from '../storage/change.ts';

/** Removes enrollments and device codes that ended a day ago. They are of no use after minutes; what came of them is in the audit. */
export async function sweepEnrollments({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const ended = { expires_at: { lte: now - day } };
  await store.commit({ changes: [deleteAny('enrollments', ended), deleteAny('device_codes', ended)], audit: [] });
}
