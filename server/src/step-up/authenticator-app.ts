import { Fault } from '@postern/shared/protocol/errors';
import type { NewAuthenticatorApp } from '@postern/shared/protocol/me';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import { type Instant, minute } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { hasSteppedUp, stepUpRequired } from '../http/step-up.ts';
import { deleteOne, insert, updateOne } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';
import { sealAppSecret } from './app-vault.ts';
import { checkCode } from './code-answer.ts';
import { readFactors } from './factors.ts';
import { proveToManage } from './manage.ts';
import { factorEvent } from './refusals.ts';
import { relyingParty } from './relying-party.ts';
import { newSecret, otpauthUri } from './totp.ts';

type AppDeps = Pick<Deps, 'store' | 'config' | 'random'>;
type By = Pick<PersonCaller, 'id' | 'authenticatedAt'>;

/** One that is not confirmed within that was not kept. */
const confirmWithinMs = 15 * minute;

/**
 * Begins to add an authenticator app. Its secret is shown this once; it counts for nothing until a code of it comes back.
 *
 * @throws Fault second_factor_taken when there is one, step_up_required, step_up_invalid, step_up_locked, conflict
 */
export async function beginApp(
  deps: AppDeps,
  { by, answer }: { by: By & { email: string }; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<NewAuthenticatorApp> {
  if (!hasSteppedUp(by, now)) throw stepUpRequired();
  if ((await readFactors(deps.store, by.id)).app !== null) throw new Fault('second_factor_taken');
  const { unit } = await proveToManage(deps, { by, about: { action: 'add-authenticator-app' }, answer }, now);
  const secret = newSecret(deps.random.secret());
  const sealed = await sealAppSecret(deps.config, { person: by.id, secret });
  const before = await readApp(deps, by.id);
  // Wrong codes that were counted stay counted: to begin again is no way out of a lock.
  const begun = { secret: sealed, last_step: 0, created_at: now };
  const change =
    before === null
      ? insert('authenticator_apps', { person_id: by.id, confirmed_at: null, failures: 0, locked_until: 0, ...begun })
      : updateOne('authenticator_apps', { person_id: by.id, secret: before.secret, confirmed_at: null }, begun);
  await committed(deps, { changes: [...unit.changes, change], audit: unit.audit });
  return { secret, uri: otpauthUri(secret, { issuer: relyingParty(deps.config).name, label: by.email }) };
}

/**
 * Takes the app into use: its holder shows a code of it, and so that the secret arrived.
 *
 * @throws Fault not_found when none was begun lately, second_factor_taken, step_up_invalid, step_up_locked, conflict
 */
export async function confirmApp(deps: AppDeps, personId: string, code: string, now: Instant): Promise<void> {
  const waiting = async () => {
    const app = await readApp(deps, personId);
    if (app !== null && app.confirmed_at !== null) throw new Fault('second_factor_taken');
    if (app === null || now - app.created_at > confirmWithinMs) throw new Fault('not_found');
    return app;
  };
  const { spend } = await checkCode(deps, waiting, { code, personId, purpose: 'add-authenticator-app' }, now);
  const added = factorEvent('authenticator-app.added', personId, now, {});
  await committed(deps, { changes: [spend({ confirmed_at: now })], audit: [added] });
}

/**
 * Removes the authenticator app. One that is in use takes a factor, a code of it or a passkey.
 *
 * @throws Fault not_found, step_up_required, step_up_invalid, step_up_locked, conflict
 */
export async function removeApp(
  deps: AppDeps,
  { by, answer }: { by: By; answer: StepUpAnswer | undefined },
  now: Instant,
): Promise<void> {
  const app = await readApp(deps, by.id);
  if (app === null) throw new Fault('not_found');
  const { unit } = await proveToManage(deps, { by, about: { action: 'remove-authenticator-app' }, answer }, now);
  const { secret, confirmed_at } = app;
  const removed = confirmed_at === null ? [] : [factorEvent('authenticator-app.removed', by.id, now, {})];
  await committed(deps, {
    changes: [...unit.changes, deleteOne('authenticator_apps', { person_id: by.id, secret, confirmed_at })],
    audit: [...unit.audit, ...removed],
  });
}

async function readApp({ store }: Pick<Deps, 'store'>, personId: string): Promise<App | null> {
  const row = await store.read
    .selectFrom('authenticator_apps')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row ?? null;
}

type App = Database['authenticator_apps'];

async function committed({ store }: Pick<Deps, 'store'>, unit: Parameters<Deps['store']['commit']>[0]): Promise<void> {
  try {
    await store.commit(unit);
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('conflict') : error;
  }
}
