import type { Kysely } from 'kysely';
import { Fault } from '@postern/shared/protocol/errors';
import type { Role } from '@postern/shared/protocol/admin';
import { toId } from '@postern/shared/ids';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { type Change, insert, updateAny, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { nextUserEpoch, readUserEpoch } from './admins.ts';
import { refuseManager } from './managers.ts';
import { rolesOf } from './roles.ts';
import { everySignInEnds } from './sessions/end-sessions.ts';

type UserRow = Database['users'];
type UserDeps = Pick<Deps, 'store' | 'random'>;

/** So many may be made admins at the same instant before one of them is asked to try again. */
const maxAttempts = 8;

/** Addresses are compared without case; what comes before the @ is, in practice, never case-sensitive. */
export async function findUserByEmail(read: Kysely<Database>, email: string): Promise<UserRow | undefined> {
  return await read.selectFrom('users').selectAll().where('email', '=', email.toLowerCase()).executeTakeFirst();
}

/** Makes a person. Throws email_taken, conflict. */
export async function createUser(
  deps: UserDeps,
  wish: { name: string; email: string; roles: readonly Role[]; groups?: readonly string[] },
  actor: Actor,
  now: Instant,
): Promise<UserRow> {
  const row: UserRow = {
    id: toId('user', deps.random.uuid()),
    name: wish.name,
    email: wish.email.toLowerCase(),
    roles: JSON.stringify([...new Set(wish.roles)]),
    active: 1,
    created_at: now,
    groups: JSON.stringify([...new Set(wish.groups ?? [])]),
    manager_id: null,
    notify: '{}',
  };
  const unit = {
    changes: [insert('users', row)],
    audit: [
      {
        at: now,
        type: 'user.created',
        outcome: 'success',
        actor,
        subject: { kind: 'person', id: row.id },
        data: { roles: rolesOf(row) },
      },
    ],
  } satisfies Unit;
  // Another admin changes who has to approve what: what is decided at the same moment must notice.
  const isAdmin = rolesOf(row).includes('admin');
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const guards = isAdmin ? [nextUserEpoch(await readUserEpoch(deps.store))] : [];
    try {
      await deps.store.commit({ ...unit, changes: [...guards, ...unit.changes] });
      return row;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (error.change === guards.length) throw new Fault('email_taken');
    }
  }
  throw new Fault('conflict');
}

/**
 * Changes a person's name, roles, groups, manager or standing. Whoever is sent away loses sessions, links and API tokens
 * for good: coming back later does not bring them back to life. Whoever gets a role is signed out where a password let them in,
 * which may have been enough only for what they were before.
 *
 * @throws Fault not_found, last_admin, conflict, malformed_request for a manager who cannot be one
 */
export async function changeUser(
  deps: UserDeps,
  id: string,
  wish: {
    name?: string | undefined;
    roles?: readonly Role[] | undefined;
    groups?: readonly string[] | undefined;
    manager?: string | null | undefined;
    active?: boolean | undefined;
  },
  actor: Actor,
  now: Instant,
): Promise<UserRow> {
  // The epoch first: people read after it may be newer than it says, never older, and newer ones only cost a conflict.
  const epoch = await readUserEpoch(deps.store);
  const rows = await deps.store.read.selectFrom('users').selectAll().execute();
  const before = rows.find((row) => row.id === id);
  if (before === undefined) throw new Fault('not_found');
  const after: UserRow = {
    ...before,
    name: wish.name ?? before.name,
    roles: wish.roles === undefined ? before.roles : JSON.stringify([...new Set(wish.roles)]),
    groups: wish.groups === undefined ? before.groups : JSON.stringify([...new Set(wish.groups)]),
    manager_id: wish.manager === undefined ? before.manager_id : wish.manager,
    active: wish.active === undefined ? before.active : wish.active ? 1 : 0,
  };
  if (after.manager_id !== before.manager_id) refuseManager(rows, id, after.manager_id);
  const isAdmin = (row: UserRow) => row.active === 1 && rolesOf(row).includes('admin');
  if (isAdmin(before) && !isAdmin(after) && rows.filter(isAdmin).length === 1) throw new Fault('last_admin');

  // Coming back, too: somebody may have been signing in at the instant at which they were sent away.
  const turns = before.active !== after.active;
  const gains = rolesOf(after).some((role) => !rolesOf(before).includes(role));
  const { name, roles, groups, active, manager_id } = after;
  try {
    await deps.store.commit({
      changes: [
        nextUserEpoch(epoch),
        updateOne('users', { id }, { name, roles, groups, active, manager_id }),
        ...(turns ? credentialEnds(id, now) : []),
        ...(gains
          ? [updateAny('sessions', { user_id: id, method: 'password', ended_at: null }, { ended_at: now })]
          : []),
      ],
      audit: [
        {
          at: now,
          type: 'user.changed',
          outcome: 'success',
          actor,
          subject: { kind: 'person', id },
          data: {
            roles: rolesOf(after),
            groups: JSON.parse(groups) as string[],
            manager: manager_id,
            active: active === 1,
          },
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict');
    throw error;
  }
  return after;
}

function credentialEnds(userId: string, now: Instant): Change[] {
  return [
    ...everySignInEnds(userId, now),
    updateAny('api_tokens', { user_id: userId, revoked_at: null }, { revoked_at: now }),
  ];
}

/**
 * Makes the first admin of an empty database, once, whoever of several processes comes first.
 *
 * @returns the first admin when this call made them, otherwise undefined
 */
export async function ensureFirstAdmin(deps: UserDeps, now: Instant): Promise<UserRow | undefined> {
  const any = await deps.store.read.selectFrom('users').select('id').limit(1).executeTakeFirst();
  if (any !== undefined) return undefined;
  const row: UserRow = {
    id: toId('user', deps.random.uuid()),
    name: 'First admin',
    email: 'admin@localhost',
    roles: JSON.stringify(['admin'] satisfies Role[]),
    active: 1,
    created_at: now,
    groups: '[]',
    manager_id: null,
    notify: '{}',
  };
  try {
    await deps.store.commit({
      changes: [nextUserEpoch(undefined), insert('users', row)],
      audit: [
        {
          at: now,
          type: 'server.initialised',
          outcome: 'success',
          actor: { kind: 'system', id: null },
          subject: { kind: 'person', id: row.id },
          data: {},
        },
      ],
    });
  } catch (error) {
    if (error instanceof ConflictError) return undefined;
    throw error;
  }
  return row;
}
