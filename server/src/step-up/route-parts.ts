import { roles } from '@postern/shared/protocol/admin';
import { type ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Caller, PersonCaller } from '../http/caller.ts';
import { asPerson } from '../http/caller.ts';
import type { Store } from '../storage/store.ts';

/** Everybody looks after their own factors. */
export const everyone = roles;

/** Whatever takes a proof may be refused with one of these. */
export const proofErrors = [
  'step_up_required',
  'step_up_invalid',
  'step_up_locked',
  'second_factor_missing',
  'conflict',
] as const satisfies ErrorCode[];

/** Who calls, with their address. */
export async function callerOf(store: Pick<Store, 'read'>, caller: Caller): Promise<PersonCaller & { email: string }> {
  const person = asPerson(caller);
  const row = await store.read.selectFrom('users').select('email').where('id', '=', person.id).executeTakeFirst();
  if (row === undefined) throw new Fault('not_signed_in');
  return { ...person, email: row.email };
}
