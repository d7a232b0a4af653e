import { systemActor } from '../../server/src/audit/event.ts';
import type { Deps } from '../../server/src/deps.ts';
import { createSignInLink, findUserByEmail } from '../../server/src/identity/index.ts';

/** Whom somebody may try the console as. */
export async function demoPeople({ store }: Pick<Deps, 'store'>): Promise<Partial<Record<string, string>>> {
  const [employee] = await store.read
    .selectFrom('exceptions')
    .innerJoin('users', 'users.id', 'exceptions.person_id')
    .select((select) => [
      'users.email',
      // Somebody who waits for one thing and has another has the most to look at.
      select.fn.max(select.case().when('exceptions.state', '=', 'pending').then(1).else(0).end()).as('waits'),
      select.fn.max(select.case().when('exceptions.state', '=', 'active').then(1).else(0).end()).as('has'),
      select.fn.countAll().as('all'),
    ])
    .where('exceptions.kind', '=', 'device')
    .groupBy('users.email')
    .orderBy('waits', 'desc')
    .orderBy('has', 'desc')
    .orderBy('all', 'desc')
    .limit(1)
    .execute();
  return {
    admin: 'ines.okafor@harbour.example',
    approver: 'petra.lund@harbour.example',
    auditor: 'lena.voss@harbour.example',
    ...(employee === undefined ? {} : { employee: employee.email }),
  };
}

/** A link for each, good once, for half an hour. */
export async function demoLinks(deps: Pick<Deps, 'store' | 'random' | 'config' | 'clock'>) {
  const links = [];
  for (const [role, email = ''] of Object.entries(await demoPeople(deps))) {
    const user = await findUserByEmail(deps.store.read, email);
    if (user === undefined) continue;
    const { link } = await createSignInLink(deps, user.id, systemActor, deps.clock.now());
    links.push({ role, link, name: user.name });
  }
  return links;
}
