import { type Id, toId } from '@postern/shared/ids';
import { Fault } from '@postern/shared/protocol/errors';
import type { NewSavedView, SavedView } from '@postern/shared/protocol/saved-view';
import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { deleteOne, insert } from '../storage/change.ts';
import type { Database } from '../storage/database.ts';
import { ConflictError } from '../storage/store.ts';

type ViewDeps = Pick<Deps, 'store' | 'random'>;

const mostViews = 100;

/** A person's views, by name: all, or those of one list. */
export async function listViews(
  { store }: Pick<Deps, 'store'>,
  personId: string,
  screen: string | undefined,
): Promise<SavedView[]> {
  let query = store.read.selectFrom('saved_views').selectAll().where('person_id', '=', personId);
  if (screen !== undefined) query = query.where('screen', '=', screen);
  const rows = await query.orderBy('screen').orderBy('name').orderBy('id').execute();
  return rows.map(viewOf);
}

/** Keeps a view. @throws Fault saved_view_name_taken, saved_views_too_many */
export async function saveView(
  deps: ViewDeps,
  personId: string,
  { screen, name, query }: NewSavedView,
  now: Instant,
): Promise<SavedView> {
  const all = await listViews(deps, personId, undefined);
  if (all.length >= mostViews) throw new Fault('saved_views_too_many');
  const id = toId('savedView', deps.random.uuid());
  const row = { id, person_id: personId, screen, name, query, created_at: now };
  try {
    await deps.store.commit({ changes: [insert('saved_views', row)], audit: [] });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('saved_view_name_taken', { cause: error }) : error;
  }
  return viewOf(row);
}

/** Forgets a view of theirs. @throws Fault not_found, also where it is somebody else's */
export async function forgetView({ store }: Pick<Deps, 'store'>, personId: string, id: string): Promise<void> {
  try {
    await store.commit({ changes: [deleteOne('saved_views', { id, person_id: personId })], audit: [] });
  } catch (error) {
    throw error instanceof ConflictError ? new Fault('not_found', { cause: error }) : error;
  }
}

function viewOf({ id, screen, name, query, created_at }: Database['saved_views']): SavedView {
  return { id: id as Id<'savedView'>, screen, name, query, createdAt: toTimestamp(created_at) };
}
