import { Fault } from '@postern/shared/protocol/errors';
import type { Role } from '@postern/shared/protocol/admin';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import type { PersonCaller } from '../../http/caller.ts';
import { hasSteppedUp, stepUpRequired } from '../../http/step-up.ts';
import { proveToManage } from '../../step-up/index.ts';
import { type Change, deleteOne, insert, updateAny, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import { ConflictError } from '../../storage/store.ts';
import { readUser } from '../read-user.ts';
import { everySignInEnds } from '../sessions/end-sessions.ts';
import type { PasswordHashes } from './hash.ts';
import { flawOfPassword } from './rules.ts';

type PasswordDeps = Pick<Deps, 'store' | 'config'>;

export async function readPassword(
  { store }: Pick<Deps, 'store'>,
  personId: string,
): Promise<Database['passwords'] | undefined> {
  return await store.read.selectFrom('passwords').selectAll().where('person_id', '=', personId).executeTakeFirst();
}

/** Whether somebody's password signs them in by itself, without a passkey or a code beside it. */
export function mayStandAlone({ signIn }: Pick<Config, 'signIn'>, roles: readonly Role[]): boolean {
  if (signIn.passwordAlone === 'employees') return roles.every((role) => role === 'employee');
  return signIn.passwordAlone === 'everybody';
}

/**
 * Gives oneself a password, or another one. All other sessions end, and what would lead to one: a link that was not used, a
 * sign-in that has shown the old password and not yet the code. One of them may be why it is changed.
 *
 * @param wish.session hash of the session that asks, which goes on
 * @throws Fault not_found where there are no passwords, password_refused, step_up_required, step_up_invalid, step_up_locked,
 *   conflict
 */
export async function setPassword(
  deps: PasswordDeps & { hashes: PasswordHashes },
  by: PersonCaller,
  wish: { password: string; answer: StepUpAnswer | undefined; session: string | undefined },
  now: Instant,
): Promise<void> {
  if (!deps.config.signIn.passwords) throw new Fault('not_found');
  // As for any other factor: a session that was left open must not be worth a password for good.
  if (!hasSteppedUp(by, now)) throw stepUpRequired();
  const { name, email } = await readUser(deps.store, by.id);
  const flaw = flawOfPassword(wish.password, { name, email, host: new URL(deps.config.issuer).hostname });
  if (flaw !== undefined) throw new Fault('password_refused', { details: [{ path: 'body.password', message: flaw }] });
  const { unit } = await proveToManage(deps, { by, about: { action: 'set-password' }, answer: wish.answer }, now);
  const before = await readPassword(deps, by.id);
  const set = {
    hash: await deps.hashes.hash(wish.password),
    set_at: now,
    must_change: 0,
    failures: 0,
    locked_until: 0,
  };
  const change =
    before === undefined
      ? insert('passwords', { person_id: by.id, ...set })
      : updateOne('passwords', { person_id: by.id, hash: before.hash }, set);
  await committed(deps, {
    changes: [...unit.changes, change, ...otherSignInsEnd(by.id, wish.session, now)],
    audit: [...unit.audit, event('password.set', by.id, { kind: 'person', id: by.id }, now)],
  });
}

/**
 * Takes a password away: one's own with a proof, or as an admin. Whoever is signed in, by it or otherwise, is so no more: it may
 * have been known to others.
 *
 * @param of.session hash of the session that asks, where it is one's own
 * @throws Fault not_found, conflict
 */
export async function removePassword(
  { store }: Pick<Deps, 'store'>,
  of: {
    personId: string;
    actor: Actor;
    proof?: { changes: readonly Change[]; audit: readonly AuditEvent[] };
    session?: string | undefined;
  },
  now: Instant,
): Promise<void> {
  const { personId, actor, proof = { changes: [], audit: [] }, session } = of;
  const password = await readPassword({ store }, personId);
  if (password === undefined) throw new Fault('not_found');
  await committed(
    { store },
    {
      changes: [
        ...proof.changes,
        deleteOne('passwords', { person_id: personId }),
        ...otherSignInsEnd(personId, session, now),
      ],
      audit: [...proof.audit, event('password.removed', personId, actor, now)],
    },
  );
}

function otherSignInsEnd(personId: string, session: string | undefined, now: Instant): Change[] {
  const goesOn =
    session === undefined
      ? []
      : [updateAny('sessions', { user_id: personId, hash: session, ended_at: now }, { ended_at: null })];
  return [...everySignInEnds(personId, now), ...goesOn];
}

function event(type: 'password.set' | 'password.removed', personId: string, actor: Actor, now: Instant): AuditEvent {
  return { at: now, type, outcome: 'success', actor, subject: { kind: 'person', id: personId }, data: {} };
}

async function committed({ store }: Pick<Deps, 'store'>, unit: Parameters<Deps['store']['commit']>[0]): Promise<void> {
  try {
    await store.commit(unit);
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict') : error;
  }
}
