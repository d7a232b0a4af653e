import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  deviceCodeDecisionSchema,
  enrollmentTokenSchema,
  newEnrollmentTokenSchema,
  pageQuerySchema,
  pageSchema,
} from '@postern/shared/protocol/admin';
import { waitingDeviceSchema } from '@postern/shared/protocol/enrollment';
import { parseDuration } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { decideDeviceCode, waitingDevice } from '../device-codes/index.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import {
  createEnrollmentToken,
  enrollmentTokenView,
  listEnrollmentTokens,
  revokeEnrollmentToken,
} from './enrollment-tokens.ts';

/** What people call: whoever approves their own new device, and admins who hand out tokens. */
export function enrollingPersonRoutes(deps: Pick<Deps, 'store' | 'random'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/device-codes/{user_code}',
      summary: 'Which device waits under this code',
      audience: 'person',
      // The strictest class: user codes are short enough to be worth guessing.
      rate: 'sign-in',
      params: z.strictObject({ user_code: z.string().min(1).max(32) }),
      replies: { 200: waitingDeviceSchema },
      errors: ['user_code_invalid', 'user_code_not_yours'],
      async handle({ params, caller, remoteAddress, now }) {
        const asked = { typed: params.user_code, remoteAddress };
        return { status: 200, body: await waitingDevice(deps.store.read, asPerson(caller), asked, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/device-codes',
      summary: 'Approve a waiting device as your own, or say that you are at one that is; or refuse it',
      audience: 'person',
      rate: 'sign-in',
      body: { type: 'json', schema: deviceCodeDecisionSchema },
      replies: { 204: null },
      errors: ['user_code_invalid', 'user_code_not_yours', 'session_required'],
      async handle({ body, caller, now }) {
        await decideDeviceCode(deps, asPerson(caller), { typed: body.user_code, decision: body.decision }, now);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/admin/enrollment-tokens',
      summary: 'Enrollment tokens, newest first, without their secrets',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      query: pageQuerySchema,
      replies: { 200: pageSchema(enrollmentTokenSchema) },
      errors: [],
      async handle({ query }) {
        return { status: 200, body: await listEnrollmentTokens(deps.store.read, query) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/admin/enrollment-tokens',
      summary: 'Make an enrollment token; its secret is in this answer only',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      body: { type: 'json', schema: newEnrollmentTokenSchema },
      replies: { 201: enrollmentTokenSchema },
      errors: [],
      async handle({ body, caller, now }) {
        const wish = {
          ownerId: body.owner,
          lifeMs: parseDuration(body.life) ?? 0,
          uses: body.uses,
          pending: body.pending,
          ownership: body.ownership,
        };
        const made = await createEnrollmentToken(deps, wish, { kind: 'person', id: asPerson(caller).id }, now);
        return { status: 201, body: { ...enrollmentTokenView(made.row, made.ownerName), token: made.token } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/admin/enrollment-tokens/{id}',
      summary: 'Revoke an enrollment token',
      audience: 'person',
      roles: ['admin'],
      rate: 'admin',
      params: z.strictObject({ id: idSchema('enrollmentToken') }),
      replies: { 204: null },
      errors: ['not_found'],
      async handle({ params: { id }, caller, now }) {
        await revokeEnrollmentToken(deps, id, { kind: 'person', id: asPerson(caller).id }, now);
        return { status: 204 };
      },
    }),
  ];
}
