import { Fault } from '@postern/shared/protocol/errors';
import type { FactorsReset } from '@postern/shared/protocol/me';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { deleteAny, updateAny } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { readFactors } from './factors.ts';

/**
 * Takes every passkey and the authenticator app from somebody who lost them. They add new ones after their next sign-in;
 * until then nothing that needs a factor is open to them. Whoever found what they lost may be signed in with it: all sessions end.
 * A sign-in link stays good, for an admin may have given them one already.
 *
 * @param proof how whoever does it showed who they are
 * @throws Fault not_found, conflict
 */
export async function resetFactors(
  { store }: Pick<Deps, 'store'>,
  { personId, actor, proof }: { personId: string; actor: Actor; proof: Unit },
  now: Instant,
): Promise<FactorsReset> {
  const person = await store.read.selectFrom('users').select('id').where('id', '=', personId).executeTakeFirst();
  if (person === undefined) throw new Fault('not_found');
  const { passkeys, app } = await readFactors(store, personId);
  const sessions = await store.read
    .selectFrom('sessions')
    .select('hash')
    .where('user_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  const event = (type: AuditEvent['type'], data: AuditEvent['data']): AuditEvent => ({
    at: now,
    type,
    outcome: 'success',
    actor,
    subject: { kind: 'person', id: personId },
    data: { ...data, cause: 'reset' },
  });
  try {
    await store.commit({
      changes: [
        ...proof.changes,
        updateAny('passkeys', { person_id: personId, removed_at: null }, { removed_at: now }),
        deleteAny('authenticator_apps', { person_id: personId }),
        updateAny('step_ups', { person_id: personId, used_at: null }, { used_at: now }),
        updateAny('sign_ins', { person_id: personId, used_at: null }, { used_at: now }),
        updateAny('sessions', { user_id: personId, ended_at: null }, { ended_at: now }),
      ],
      audit: [
        ...proof.audit,
        ...passkeys.map(({ id }) => event('passkey.removed', { passkey: id })),
        ...(app === null ? [] : [event('authenticator-app.removed', {})]),
        ...(sessions.length === 0 ? [] : [event('person.sessions-ended', { count: sessions.length })]),
      ],
    });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict') : error;
  }
  return { passkeys: passkeys.length, authenticatorApp: app !== null };
}
