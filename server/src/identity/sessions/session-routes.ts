import { z } from 'zod';
import { sha256 } from '@postern/shared/digest';
import { idSchema } from '@postern/shared/ids';
import { roles, userSchema } from '@postern/shared/protocol/admin';
import { sessionIdSchema, sessionSchema, sessionsEndedSchema } from '@postern/shared/protocol/sign-in';
import type { Deps } from '../../deps.ts';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { readUser, userView } from '../read-user.ts';
import { endAllSessions, endSession, signOut } from './end-sessions.ts';
import { liveSessions, sessionView } from './list-sessions.ts';
import { clearedCookie, sessionOf } from './session-cookie.ts';

const byEverybody = { audience: 'person', roles, rate: 'admin' } as const;
const ofSomebody = { audience: 'person', rate: 'admin' } as const;
const params = z.strictObject({ id: idSchema('user') });
const listed = z.strictObject({ items: z.array(sessionSchema) });

/** Who is signed in, where, and out again. */
export function sessionRoutes(deps: Pick<Deps, 'store' | 'config'>): AnyRoute[] {
  const { store, config } = deps;
  const sessionIn = (header: (name: string) => string | undefined) => sessionOf(config.issuer, header('cookie'));
  const list = async (personId: string, session: string | undefined, now: number) => {
    const rows = await liveSessions(deps, personId, now);
    const current = session === undefined ? undefined : sha256(session);
    return { items: rows.map((row) => sessionView(row, current)) };
  };

  return [
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/admin/session',
      summary: 'Who is signed in',
      replies: { 200: userSchema },
      errors: [],
      async handle({ caller }) {
        return { status: 200, body: userView(await readUser(store, asPerson(caller).id)) };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'DELETE',
      path: '/v1/admin/session',
      summary: 'Sign out',
      replies: { 204: null },
      errors: [],
      async handle({ caller, header, now }) {
        const session = sessionIn(header);
        if (session !== undefined) await signOut(deps, session, asPerson(caller).id, now);
        return { status: 204, headers: { 'set-cookie': clearedCookie(config.issuer) } };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/sessions',
      summary: 'Where you are signed in, newest first',
      replies: { 200: listed },
      errors: [],
      async handle({ caller, header, now }) {
        return { status: 200, body: await list(asPerson(caller).id, sessionIn(header), now) };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'DELETE',
      path: '/v1/me/sessions',
      summary: 'Sign out everywhere, here too; API tokens stay',
      replies: { 200: sessionsEndedSchema },
      errors: [],
      async handle({ caller, now }) {
        const { id } = asPerson(caller);
        const ended = await endAllSessions(deps, { personId: id, actor: { kind: 'person', id } }, now);
        return { status: 200, body: { ended }, headers: { 'set-cookie': clearedCookie(config.issuer) } };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'DELETE',
      path: '/v1/me/sessions/{sessionId}',
      summary: 'Sign out in one other browser',
      params: z.strictObject({ sessionId: sessionIdSchema }),
      replies: { 204: null },
      errors: ['not_found'],
      async handle({ params: { sessionId }, caller, now }) {
        const { id } = asPerson(caller);
        await endSession(deps, { id: sessionId, personId: id, actor: { kind: 'person', id } }, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      ...ofSomebody,
      roles: ['admin', 'auditor'],
      method: 'GET',
      path: '/v1/admin/users/{id}/sessions',
      summary: 'Where somebody is signed in, newest first',
      params,
      replies: { 200: listed },
      errors: ['not_found'],
      async handle({ params: { id }, header, now }) {
        await readUser(store, id);
        return { status: 200, body: await list(id, sessionIn(header), now) };
      },
    }),
    defineRoute({
      ...ofSomebody,
      roles: ['admin'],
      method: 'DELETE',
      path: '/v1/admin/users/{id}/sessions',
      summary: 'Sign somebody out everywhere; links that they did not use yet are good no more',
      params,
      replies: { 200: sessionsEndedSchema },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        await readUser(store, id);
        const actor = { kind: 'person', id: asPerson(caller).id } as const;
        return { status: 200, body: { ended: await endAllSessions(deps, { personId: id, actor }, now) } };
      },
    }),
  ];
}
