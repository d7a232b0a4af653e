import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../../audit/event.ts';
import type { SignInProvider } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import { insert, updateAny } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import { ConflictError } from '../../storage/store.ts';
import { readUser } from '../read-user.ts';
import { rolesOf } from '../roles.ts';
import { changeUser, createUser, findUserByEmail } from '../users.ts';
import { refuseSignIn } from '../ways/refuse-sign-in.ts';
import type { ProviderSays } from './claims.ts';
import { isSameStanding, type Standing, standingOf } from './standing-of.ts';

type UserRow = Database['users'];
type WhomDeps = Pick<Deps, 'store' | 'random'>;

/** So often somebody may be changed by others while they sign in. */
const maxAttempts = 5;

/** Who acts where a provider's word changes somebody: nobody here. */
const actor = { kind: 'system', id: null } as const;

/**
 * Who it is that a provider knows: by its issuer and `sub`, which alone name somebody for good. Whoever it has not sent
 * before is found by the address that it verified, or added, where it is trusted for that.
 *
 * @throws Fault sign_in_unknown_person, sign_in_refused for who was sent away
 */
export async function whomItKnows(
  deps: WhomDeps,
  provider: SignInProvider,
  says: ProviderSays,
  now: Instant,
): Promise<UserRow> {
  const { store } = deps;
  const key = { issuer: provider.issuer, subject: says.subject };
  const known = await store.read
    .selectFrom('external_identities')
    .select('person_id')
    .where('issuer', '=', key.issuer)
    .where('subject', '=', key.subject)
    .executeTakeFirst();
  if (known === undefined) return await firstTime(deps, provider, says, now);
  const person = await readUser(store, known.person_id);
  if (person.active !== 1) throw await refuse(deps, person.id, 'inactive', now);
  await store.commit({
    changes: [updateAny('external_identities', key, { used_at: now, email: says.verifiedEmail ?? null })],
    audit: [],
  });
  return person;
}

async function firstTime(deps: WhomDeps, provider: SignInProvider, says: ProviderSays, now: Instant): Promise<UserRow> {
  const { verifiedEmail: email } = says;
  const namesake = email === undefined ? undefined : await findUserByEmail(deps.store.read, email);
  if (email === undefined) throw new Fault('sign_in_unknown_person');
  if (namesake === undefined && !provider.create) throw new Fault('sign_in_unknown_person');
  if (namesake !== undefined) await refuseLink(deps, provider, namesake, now);
  const wish = {
    name: says.name ?? email,
    email,
    ...standingOf(provider, { roles: [], groups: [] }, says.groups ?? []),
  };
  const person = namesake ?? (await createUser(deps, wish, actor, now));
  const linked: AuditEvent = {
    at: now,
    type: 'identity.linked',
    outcome: 'success',
    actor,
    subject: { kind: 'person', id: person.id },
    data: { provider: provider.id, by: namesake === undefined ? 'created' : 'email' },
  };
  const row = { issuer: provider.issuer, subject: says.subject, person_id: person.id, email };
  try {
    await deps.store.commit({
      changes: [insert('external_identities', { ...row, created_at: now, used_at: now })],
      audit: [linked],
    });
  } catch (error) {
    // They signed in twice at the same instant.
    throw error instanceof ConflictError ? new Fault('sign_in_lost') : error;
  }
  return person;
}

/** An address that was given to somebody else does not bring their account along: one provider knows a person by one name. */
async function refuseLink(deps: WhomDeps, provider: SignInProvider, person: UserRow, now: Instant): Promise<void> {
  if (!provider.linkByEmail) throw await refuse(deps, person.id, 'not-linked', now, 'sign_in_unknown_person');
  if (person.active !== 1) throw await refuse(deps, person.id, 'inactive', now);
  const other = await deps.store.read
    .selectFrom('external_identities')
    .select('subject')
    .where('person_id', '=', person.id)
    .where('issuer', '=', provider.issuer)
    .executeTakeFirst();
  if (other !== undefined) throw await refuse(deps, person.id, 'linked-otherwise', now, 'sign_in_unknown_person');
}

/**
 * Gives somebody the roles and groups that the provider's word makes of them. The last admin stays one.
 *
 * @throws Fault conflict
 */
export async function bringUpToDate(
  deps: WhomDeps,
  provider: SignInProvider,
  { id }: UserRow,
  said: readonly string[],
  now: Instant,
): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const row = await readUser(deps.store, id);
    const before: Standing = { roles: rolesOf(row), groups: JSON.parse(row.groups) as string[] };
    const after = standingOf(provider, before, said);
    if (isSameStanding(before, after)) return;
    try {
      await changeUser(deps, id, after, actor, now);
      return;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'last_admin') {
        await changeUser(deps, id, { ...after, roles: [...new Set([...after.roles, 'admin' as const])] }, actor, now);
        return;
      }
      if (error.code !== 'conflict') throw error;
    }
  }
  throw new Fault('conflict');
}

function refuse(
  deps: WhomDeps,
  personId: string,
  cause: string,
  now: Instant,
  code: 'sign_in_refused' | 'sign_in_unknown_person' = 'sign_in_refused',
): Promise<Fault> {
  return refuseSignIn(deps, { personId, by: 'provider', code, cause }, now);
}
