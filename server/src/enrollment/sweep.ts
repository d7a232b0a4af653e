import { day, type Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteAny } from '../storage/change.ts';

const keepTokensMs = 30 * day;

/**
 * Removes enrollments and device codes that ended a day ago (they are of no use after minutes), and enrollment tokens
 * that ended a month ago. What came of them is in the audit.
 */
export async function sweepEnrollments({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const ended = { expires_at: { lte: now - day } };
  await store.commit({
    changes: [
      // First: an enrollment refers to its token.
      deleteAny('enrollments', ended),
      deleteAny('device_codes', ended),
      deleteAny('enrollment_tokens', { expires_at: { lte: now - keepTokensMs } }),
    ],
    audit: [],
  });
}
