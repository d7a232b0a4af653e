import { type NotifyPreferences, notifyPreferencesSchema } from '@postern/shared/protocol/notice';
import { Fault } from '@postern/shared/protocol/errors';
import type { Deps } from '../deps.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';

/** What somebody wants to hear of, from how it is stored. What cannot be read counts as not said: everything. */
export function preferencesOf(stored: string): NotifyPreferences {
  const parsed = notifyPreferencesSchema.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : notifyPreferencesSchema.parse({});
}

/** @throws Fault not_found */
export async function readPreferences({ store }: Pick<Deps, 'store'>, personId: string): Promise<NotifyPreferences> {
  const row = await store.read.selectFrom('users').select('notify').where('id', '=', personId).executeTakeFirst();
  if (row === undefined) throw new Fault('not_found');
  return preferencesOf(row.notify);
}

/** @throws Fault not_found */
export async function setPreferences(
  { store }: Pick<Deps, 'store'>,
  personId: string,
  wish: NotifyPreferences,
): Promise<void> {
  try {
    await store.commit({
      changes: [updateOne('users', { id: personId }, { notify: JSON.stringify(wish) })],
      audit: [],
    });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('not_found', { cause: error }) : error;
  }
}
