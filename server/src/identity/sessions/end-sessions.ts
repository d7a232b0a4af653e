import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../../audit/event.ts';
import type { Deps } from '../../deps.ts';
import { type Change, updateAny, updateOne } from '../../storage/change.ts';
import { ConflictError } from '../../storage/store.ts';
import { liveSessions } from './list-sessions.ts';

type SessionDeps = Pick<Deps, 'store'>;

/** Ends a session. One that is unknown or over is ended already. */
export async function signOut({ store }: SessionDeps, session: string, userId: string, now: Instant): Promise<void> {
  const person = { kind: 'person', id: userId } as const;
  try {
    await store.commit({
      changes: [updateOne('sessions', { hash: sha256(session), user_id: userId, ended_at: null }, { ended_at: now })],
      audit: [{ at: now, type: 'person.signed-out', outcome: 'success', actor: person, subject: person, data: {} }],
    });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** Ends one session of somebody. Throws Fault not_found for one that is not theirs, or over. */
export async function endSession(
  { store }: SessionDeps,
  { id, personId, actor }: { id: string; personId: string; actor: Actor },
  now: Instant,
): Promise<void> {
  const live = await liveSessions({ store }, personId, now);
  if (!live.some(({ hash }) => hash === id)) throw new Fault('not_found');
  await store.commit({
    changes: [updateAny('sessions', { hash: id, user_id: personId, ended_at: null }, { ended_at: now })],
    audit: [ended({ personId, actor, count: 1 }, now)],
  });
}

/**
 * Signs somebody out everywhere: all sessions, and links that were not used yet. API tokens stay: programs hold them, and each
 * is revoked by itself.
 *
 * @returns how many sessions it ended
 */
export async function endAllSessions(
  { store }: SessionDeps,
  { personId, actor }: { personId: string; actor: Actor },
  now: Instant,
): Promise<number> {
  const { length: count } = await liveSessions({ store }, personId, now);
  await store.commit({ changes: everySignInEnds(personId, now), audit: [ended({ personId, actor, count }, now)] });
  return count;
}

/** What keeps somebody signed in, or would sign them in. */
export function everySignInEnds(personId: string, now: Instant): Change[] {
  return [
    updateAny('sessions', { user_id: personId, ended_at: null }, { ended_at: now }),
    updateAny('sign_in_links', { user_id: personId, used_at: null }, { used_at: now }),
    updateAny('sign_ins', { person_id: personId, used_at: null }, { used_at: now }),
  ];
}

function ended(
  { personId, actor, count }: { personId: string; actor: Actor; count: number },
  now: Instant,
): AuditEvent {
  return {
    at: now,
    type: 'person.sessions-ended',
    outcome: 'success',
    actor,
    subject: { kind: 'person', id: personId },
    data: { count },
  };
}
