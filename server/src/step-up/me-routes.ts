import type { z } from 'zod';
import type { Id } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { meSchema } from '@postern/shared/protocol/me';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { asPerson, type PersonCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { readFactors } from './factors.ts';
import { everyone } from './route-parts.ts';

/** Who calls, to themselves. */
export function meRoutes({ store }: Pick<Deps, 'store'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/me',
      summary: 'Who you are, what you have to show it with, and what you want to hear of',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      replies: { 200: meSchema },
      errors: [],
      async handle({ caller }) {
        return { status: 200, body: await viewOf(store, asPerson(caller)) };
      },
    }),
  ];
}

async function viewOf(
  store: Deps['store'],
  { id, roles, authenticatedAt }: PersonCaller,
): Promise<z.infer<typeof meSchema>> {
  const row = await store.read
    .selectFrom('users')
    .leftJoin('users as manager', 'manager.id', 'users.manager_id')
    .select(['users.name', 'users.email', 'users.groups', 'users.notify', 'users.manager_id'])
    .select('manager.name as manager_name')
    .where('users.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new Fault('not_signed_in');
  const { passkeys, app } = await readFactors(store, id);
  return {
    id: id as Id<'user'>,
    name: row.name,
    email: row.email,
    roles: [...roles],
    groups: JSON.parse(row.groups) as string[],
    manager: row.manager_id === null ? null : { id: row.manager_id as Id<'user'>, name: row.manager_name ?? '' },
    authenticatedAt: toTimestamp(authenticatedAt),
    factors: { passkeys: passkeys.length, authenticatorApp: app !== null },
    notify: JSON.parse(row.notify) as z.infer<typeof meSchema>['notify'],
  };
}
