import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import { factorsResetSchema } from '@postern/shared/protocol/me';
import { proofSchema } from '@postern/shared/protocol/step-up';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { proveToManage } from './manage.ts';
import { resetFactors } from './reset.ts';
import { proofErrors } from './route-parts.ts';

/** Help for those who lost what they had. */
export function resetRoutes(deps: Pick<Deps, 'store' | 'config'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/users/{id}/second-factors',
      summary: 'Take all passkeys and the authenticator app from somebody else who lost them',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('user') }),
      body: { type: 'json', schema: proofSchema },
      replies: { 200: factorsResetSchema },
      errors: [...proofErrors, 'not_found'],
      async handle({ params: { id }, body: { stepUp: answer }, caller, now }) {
        const by = asPerson(caller);
        if (id === by.id) {
          const message = 'nobody resets their own factors; another admin does, or the command line of the server';
          throw new Fault('not_allowed', { details: [{ path: 'params.id', message }] });
        }
        const about = { action: 'reset-second-factors', target: id } as const;
        const { unit } = await proveToManage(deps, { by, about, answer }, now);
        const actor = { kind: 'person', id: by.id } as const;
        return { status: 200, body: await resetFactors(deps, { personId: id, actor, proof: unit }, now) };
      },
    }),
  ];
}
