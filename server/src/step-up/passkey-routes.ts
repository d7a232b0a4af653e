import { z } from 'zod';
import { newPasskeySchema, passkeyOptionsSchema, passkeySchema } from '@postern/shared/protocol/me';
import { proofSchema } from '@postern/shared/protocol/step-up';
import { newStepUpSchema, stepUpSchema } from '@postern/shared/protocol/step-up-subject';
import type { Deps } from '../deps.ts';
import { asPerson } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { readFactors } from './factors.ts';
import { giveChallenge } from './give-challenge.ts';
import { addPasskey, beginPasskey, passkeyView, removePasskey } from './passkeys.ts';
import { callerOf, everyone, proofErrors } from './route-parts.ts';

/** One's own passkeys, and challenges for them. */
export function passkeyRoutes(deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/me/step-ups',
      summary:
        'Ask for a challenge for a passkey, bound to exactly what is asked, decided or done; good once, for five minutes',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: newStepUpSchema },
      replies: { 201: stepUpSchema },
      errors: ['second_factor_missing', 'too_many_requests'],
      async handle({ body, caller, now }) {
        return { status: 201, body: await giveChallenge(deps, asPerson(caller).id, body, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/passkeys/options',
      summary: 'Begin to add a passkey; needs a fresh sign-in, and a factor where there is one already',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: proofSchema },
      replies: { 201: passkeyOptionsSchema },
      errors: [...proofErrors, 'second_factor_taken', 'too_many_requests'],
      async handle({ body: { stepUp: answer }, caller, now }) {
        const by = await callerOf(deps.store, caller);
        return { status: 201, body: await beginPasskey(deps, { by, answer }, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/me/passkeys',
      summary: 'Add a passkey: the answer to its options',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      body: { type: 'json', schema: newPasskeySchema },
      replies: { 201: passkeySchema },
      errors: ['step_up_invalid', 'second_factor_taken'],
      async handle({ body, caller, now }) {
        return { status: 201, body: await addPasskey(deps, asPerson(caller).id, body, now) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/v1/me/passkeys',
      summary: 'Your passkeys, oldest first',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      replies: { 200: z.strictObject({ items: z.array(passkeySchema) }) },
      errors: [],
      async handle({ caller }) {
        const { passkeys } = await readFactors(deps.store, asPerson(caller).id);
        return { status: 200, body: { items: passkeys.map(passkeyView) } };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/me/passkeys/{id}',
      summary: 'Remove a passkey of yours; needs a factor, this one or another',
      audience: 'person',
      roles: everyone,
      rate: 'admin',
      params: z.strictObject({
        id: z
          .string()
          .max(1400)
          .regex(/^[\w-]+$/, 'must be base64url')
          .meta({ description: 'Credential id, base64url', example: 'q83vEjRWeJA' }),
      }),
      body: { type: 'json', schema: proofSchema },
      replies: { 204: null },
      errors: [...proofErrors, 'not_found'],
      async handle({ params: { id }, body: { stepUp: answer }, caller, now }) {
        await removePasskey(deps, { id, by: asPerson(caller), answer }, now);
        return { status: 204 };
      },
    }),
  ];
}
