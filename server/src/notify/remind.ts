import { sql } from 'kysely';
import { hour, type Instant, minute } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';

/** How long before the end people are reminded. Shortest first. */
const thresholds = [10 * minute, hour, 24 * hour];
const atOnce = 500;

interface Ending {
  beginsAt: Instant;
  expiresAt: Instant;
  /** The shortest threshold at which its person was reminded; null: at none. */
  remindedMs: number | null;
}

/**
 * The reminder that is due, as its threshold; undefined when none is. Who has half an hour is not reminded of an hour: only
 * what is shorter than half of the duration counts. After a jump of the clock only the latest is due.
 */
export function dueReminder({ beginsAt, expiresAt, remindedMs }: Ending, now: Instant): number | undefined {
  const leftMs = expiresAt - now;
  if (leftMs <= 0 || now < beginsAt) return undefined;
  const due = thresholds.find((each) => leftMs <= each && 2 * each < expiresAt - beginsAt);
  return due === undefined || (remindedMs !== null && remindedMs <= due) ? undefined : due;
}

/**
 * Announces exceptions in force that are about to end, once at each threshold, whatever node comes first. The announcement
 * is an entry of the audit; that somebody is told of it is for who follows the audit (follow.ts).
 */
export async function remindOfEnds({ store }: Pick<Deps, 'store'>, now: Instant): Promise<void> {
  const rows = await store.read
    .selectFrom('exceptions')
    .select(['id', 'person_id', 'device_id', 'rules', 'begins_at', 'expires_at', 'reminded_ms'])
    .where('state', '=', 'active')
    .where('expires_at', '>', now)
    .where('begins_at', '<=', now)
    .where((where) =>
      where.or(
        thresholds.map((each) =>
          where.and([
            where('expires_at', '<=', now + each),
            where(sql<number>`expires_at - begins_at`, '>', 2 * each),
            where.or([where('reminded_ms', 'is', null), where('reminded_ms', '>', each)]),
          ]),
        ),
      ),
    )
    .orderBy('expires_at')
    .limit(atOnce)
    .execute();
  for (const { id, begins_at, expires_at, reminded_ms, ...row } of rows) {
    if (begins_at === null || expires_at === null) continue;
    const due = dueReminder({ beginsAt: begins_at, expiresAt: expires_at, remindedMs: reminded_ms }, now);
    if (due === undefined) continue;
    try {
      await store.commit({
        changes: [updateOne('exceptions', { id, state: 'active', expires_at, reminded_ms }, { reminded_ms: due })],
        audit: [
          {
            at: now,
            type: 'exception.expiring',
            outcome: 'success',
            actor: systemActor,
            subject: { kind: 'exception', id },
            data: {
              person: row.person_id,
              device: row.device_id,
              rules: JSON.parse(row.rules) as string[],
              leftMs: expires_at - now,
              expiresAt: expires_at,
            },
          },
        ],
      });
    } catch (error) {
      // Another node was faster, or it has ended.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
