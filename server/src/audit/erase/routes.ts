import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { erasedSchema, eraseTextSchema } from '@postern/shared/protocol/audit';
import { Fault } from '@postern/shared/protocol/errors';
import { asPerson, type Caller, type PersonCaller } from '../../http/caller.ts';
import { type AnyRoute, defineRoute } from '../../http/route.ts';
import { hasSteppedUp, stepUpRequired } from '../../http/step-up.ts';
import type { Instant } from '@postern/shared/time';
import { entryParams } from '../route-parts.ts';
import type { AuditDeps } from '../shared-state.ts';
import { eraseTextAt, eraseTextsOf } from './erase.ts';

const errors = ['not_signed_in', 'not_allowed', 'malformed_request', 'step_up_required', 'conflict'] as const;

/** What is erased does not come back: a stolen session, or a token, is not enough for it. */
function withFreshSignIn(caller: Caller, now: Instant): PersonCaller {
  const by = asPerson(caller);
  if (!hasSteppedUp(by, now)) throw stepUpRequired();
  return by;
}

export function eraseRoutes({ store }: Pick<AuditDeps, 'store'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/audit/{seq}/text',
      summary: 'Erase what a person wrote at an entry, for good; the chain still verifies. Recorded',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: entryParams,
      body: { type: 'json', schema: eraseTextSchema },
      replies: { 204: null },
      errors: [...errors, 'not_found'],
      async handle({ params: { seq }, body: { reason }, caller, now }) {
        const { id } = withFreshSignIn(caller, now);
        await eraseTextAt(store, seq, { actor: { kind: 'person', id }, reason }, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/users/{id}/texts',
      summary: 'Erase all that somebody else wrote, or that was written on them and what is theirs, for good. Recorded',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('user') }),
      body: { type: 'json', schema: eraseTextSchema },
      replies: { 200: erasedSchema },
      errors: [...errors, 'not_found'],
      async handle({ params: { id }, body: { reason }, caller, now }) {
        const by = withFreshSignIn(caller, now);
        // Who did wrong must not be the one who takes away what was said of it.
        if (id === by.id) {
          const message = 'nobody erases their own texts; another admin does, or the command line of the server';
          throw new Fault('not_allowed', { details: [{ path: 'params.id', message }] });
        }
        const known = await store.read.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst();
        if (known === undefined) throw new Fault('not_found');
        const body = await eraseTextsOf(store, id, { actor: { kind: 'person', id: by.id }, reason }, now);
        return { status: 200, body };
      },
    }),
  ];
}
