import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { type Instant, minute } from '@postern/shared/time';
import { type Actor, systemActor } from '../audit/event.ts';
import type { AuditEvent } from '../audit/event.ts';
import { updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';

/** How a replay ended. */
export interface ReplayEnd {
  state: 'done' | 'cancelled' | 'failed';
  summary: ReplaySummary | undefined;
  actor: Actor;
}

/** Guarded: a replay ends once. */
export function endReplay(
  { id, policy, document_hash: documentHash }: Database['policy_replays'],
  { state, summary, actor }: ReplayEnd,
  now: Instant,
): Unit {
  const end = { state, finished_at: now, summary: summary === undefined ? null : JSON.stringify(summary) };
  return {
    changes: [updateOne('policy_replays', { id, state: 'running' }, end)],
    audit: [replayedEvent({ policy, documentHash, state, summary, actor }, now)],
  };
}

/** Who tried what on the fleet, and what came out. */
export function replayedEvent(
  { policy, documentHash, state, summary, actor }: ReplayEnd & { policy: string; documentHash: string },
  now: Instant,
): AuditEvent {
  const counts =
    summary === undefined
      ? {}
      : {
          devices: summary.devices.judged,
          atOnce: summary.newlyBlocked.atOnce,
          atDeadline: summary.newlyBlocked.atDeadline,
        };
  return {
    at: now,
    type: 'policy.replayed',
    outcome: state === 'done' ? 'success' : 'failure',
    actor,
    subject: { kind: 'policy', id: policy },
    data: { documentHash, state, ...counts },
  };
}

/** A page of devices takes a fraction of a second. */
const silentMs = minute;

/** Marks replays as failed that have not got on for a minute: the process that ran them died. Others run on another node. */
export async function failLeftReplays(store: Store, now: Instant): Promise<void> {
  const left = await store.read
    .selectFrom('policy_replays')
    .selectAll()
    .where('state', '=', 'running')
    .where('progress_at', '<=', now - silentMs)
    .execute();
  for (const row of left) {
    try {
      await store.commit(endReplay(row, { state: 'failed', summary: undefined, actor: systemActor }, now));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
