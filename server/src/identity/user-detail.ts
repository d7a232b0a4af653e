import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { readFactors } from '../step-up/index.ts';
import { readPassword } from './passwords/passwords.ts';
import { identitiesOf } from './providers/identities.ts';
import { readUser, userView } from './read-user.ts';

/** A person with what they sign in with. Throws Fault not_found. */
export async function userDetail(deps: Pick<Deps, 'store' | 'config'>, id: string, now: Instant): Promise<UserDetail> {
  const { read } = deps.store;
  const row = await readUser(deps.store, id);
  const manager =
    row.manager_id === null
      ? undefined
      : await read.selectFrom('users').select('name').where('id', '=', row.manager_id).executeTakeFirst();
  const { passkeys, app } = await readFactors(deps.store, id);
  const password = await readPassword(deps, id);
  const { last } = await read
    .selectFrom('sessions')
    .select(({ fn }) => fn.max<number | string | null>('created_at').as('last'))
    .where('user_id', '=', id)
    .executeTakeFirstOrThrow();
  const { count } = await read
    .selectFrom('devices')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('owner_id', '=', id)
    .where('state', '!=', 'retired')
    .executeTakeFirstOrThrow();
  const lockedUntil = password !== undefined && password.locked_until > now ? password.locked_until : null;
  return {
    ...userView(row),
    managerName: manager?.name ?? null,
    factors: { passkeys: passkeys.length, authenticatorApp: app !== null },
    password:
      password === undefined
        ? null
        : { setAt: toTimestamp(password.set_at), lockedUntil: toTimestampOrNull(lockedUntil) },
    identities: await identitiesOf(deps, id),
    lastSignInAt: toTimestampOrNull(last === null ? null : Number(last)),
    devices: Number(count),
  };
}
