import type { Store } from '../storage/store.ts';
import { type Change, insert, updateOne } from '../storage/change.ts';
import { hasMoreRoles, rolesOf } from './roles.ts';

/** Rises with every change of who is an admin: two admins cannot take each other's role away at the same moment. */
const epochKey = 'user_epoch';

/** As it was read: undefined in a database whose people were never changed. */
type UserEpoch = string | undefined;

export interface Admins {
  /** Ids of the active ones. */
  ids: readonly string[];
  epoch: UserEpoch;
}

export async function readUserEpoch({ read }: Pick<Store, 'read'>): Promise<UserEpoch> {
  return (await read.selectFrom('meta').select('value').where('key', '=', epochKey).executeTakeFirst())?.value;
}

/**
 * Who is an admin now. A decision that depends on it carries `sameAdmins` into its unit. The epoch is read first:
 * people read after it may be newer than it says, never older, and newer ones only cost a conflict.
 */
export async function readAdmins(store: Pick<Store, 'read'>): Promise<Admins> {
  const epoch = await readUserEpoch(store);
  const rows = await store.read
    .selectFrom('users')
    .select(['id', 'roles'])
    .where('active', '=', 1)
    .where(hasMoreRoles)
    .where('roles', 'like', '%"admin"%')
    .orderBy('id')
    .execute();
  return { ids: rows.filter((row) => rolesOf(row).includes('admin')).map(({ id }) => id), epoch };
}

/** Guards: nobody has become or ceased to be an admin since that epoch was read. */
export function sameAdmins({ epoch }: Pick<Admins, 'epoch'>): Change {
  return epoch === undefined
    ? insert('meta', { key: epochKey, value: '0' })
    : updateOne('meta', { key: epochKey, value: epoch }, { value: epoch });
}

/** Guards, and lets everybody know who decided on the same epoch. */
export function nextUserEpoch(epoch: UserEpoch): Change {
  return epoch === undefined
    ? insert('meta', { key: epochKey, value: '1' })
    : updateOne('meta', { key: epochKey, value: epoch }, { value: String(Number(epoch) + 1) });
}
