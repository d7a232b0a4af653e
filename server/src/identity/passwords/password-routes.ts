import { z } from 'zod';
import { sha256 } from '@postern/shared/digest';
import { idSchema } from '@postern/shared/ids';
import { roles } from '@postern/shared/protocol/admin';
import { newPasswordSchema, ownSignInSchema } from '@postern/shared/protocol/sign-in';
import { proofSchema } from '@postern/shared/protocol/step-up';
import { toTimestamp } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { asPerson } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { proofErrors, proveToManage, readFactors } from '../../step-up/index.ts';
import { identitiesOf } from '../providers/identities.ts';
import { readUser } from '../read-user.ts';
import { sessionOf } from '../sessions/session-cookie.ts';
import { createPasswordHashes } from './hash.ts';
import { mayStandAlone, readPassword, removePassword, setPassword } from './passwords.ts';

const byEverybody = { audience: 'person', roles, rate: 'admin' } as const;

/** One's own password, and what admins may do with somebody's: take it away, never know it. */
export function passwordRoutes(deps: Pick<Deps, 'store' | 'config'>): AnyRoute[] {
  const { store, config } = deps;
  const hashes = createPasswordHashes(config.masterSecret);
  const sessionIn = (header: (name: string) => string | undefined) => {
    const cookie = sessionOf(config.issuer, header('cookie'));
    return cookie === undefined ? undefined : sha256(cookie);
  };
  return [
    defineRoute({
      ...byEverybody,
      method: 'GET',
      path: '/v1/me/sign-in',
      summary: 'What you may sign in with, beside passkeys and links',
      replies: { 200: ownSignInSchema },
      errors: [],
      async handle({ caller }) {
        const { id, roles: mine } = asPerson(caller);
        const password = await readPassword(deps, id);
        const { passkeys, app } = await readFactors(store, id);
        const needsFactor = passkeys.length === 0 && app === null && !mayStandAlone(config, mine);
        return {
          status: 200,
          body: {
            passwords: config.signIn.passwords,
            password: password === undefined ? null : { setAt: toTimestamp(password.set_at), needsFactor },
            identities: await identitiesOf(deps, id),
          },
        };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'PUT',
      path: '/v1/me/password',
      summary: 'Give yourself a password, or another one; you stay signed in here and nowhere else',
      body: { type: 'json', schema: newPasswordSchema },
      replies: { 204: null },
      errors: [...proofErrors, 'password_refused', 'not_found', 'unavailable'],
      async handle({ body: { password, stepUp: answer }, caller, header, now }) {
        const session = sessionIn(header);
        await setPassword({ ...deps, hashes }, asPerson(caller), { password, answer, session }, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      ...byEverybody,
      method: 'DELETE',
      path: '/v1/me/password',
      summary: 'Remove your password; you stay signed in here and nowhere else',
      body: { type: 'json', schema: proofSchema },
      replies: { 204: null },
      errors: [...proofErrors, 'not_found'],
      async handle({ body: { stepUp: answer }, caller, header, now }) {
        const by = asPerson(caller);
        const { unit: proof } = await proveToManage(deps, { by, about: { action: 'remove-password' }, answer }, now);
        const actor = { kind: 'person', id: by.id } as const;
        await removePassword(deps, { personId: by.id, actor, proof, session: sessionIn(header) }, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      method: 'DELETE',
      path: '/v1/admin/users/{id}/password',
      summary:
        'Take the password from somebody who lost it, or whose account is under attack; it signs them out everywhere',
      params: z.strictObject({ id: idSchema('user') }),
      replies: { 204: null },
      errors: ['not_found', 'conflict'],
      async handle({ params: { id }, caller, now }) {
        await readUser(store, id);
        await removePassword(deps, { personId: id, actor: { kind: 'person', id: asPerson(caller).id } }, now);
        return { status: 204 };
      },
    }),
  ];
}
