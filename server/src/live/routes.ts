import { roles } from '@postern/shared/protocol/admin';
import type { Deps } from '../deps.ts';
import { asPerson, type PersonCaller } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import type { PersonAuthenticator } from '../identity/index.ts';
import type { Ears } from './hears.ts';
import type { Live } from './live.ts';

/** `GET /v1/events`. */
export function liveRoutes(
  deps: Pick<Deps, 'store' | 'clock'> & { live: Live; authenticatePerson: PersonAuthenticator },
): AnyRoute[] {
  const earsOf = async ({ id, roles: held }: PersonCaller): Promise<Ears> => {
    const row = await deps.store.read.selectFrom('users').select('groups').where('id', '=', id).executeTakeFirst();
    return { personId: id, roles: held, groups: row === undefined ? [] : (JSON.parse(row.groups) as string[]) };
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/events',
      summary:
        'What changes, as it changes (text/event-stream): events "changed" with a topic, and an id where one thing ' +
        'changed. What it is now says the endpoint that shows it.',
      audience: 'person',
      roles,
      rate: 'admin',
      replies: { 200: null },
      errors: ['too_many_requests', 'unavailable'],
      async handle({ caller, method, header }) {
        // A page that is left open is no sign of anybody: a session ends by the clock while somebody only listens.
        const look = () => deps.authenticatePerson({ method, header, now: deps.clock.now(), isLook: true });
        const whoNow = async () => earsOf(await look());
        const { lines, broken } = deps.live.open({ ...(await earsOf(asPerson(caller))), whoNow });
        return {
          status: 200,
          // A proxy that keeps answers together would keep them back (nginx).
          headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
          stream: lines,
          streamBroken: broken,
        };
      },
    }),
  ];
}
