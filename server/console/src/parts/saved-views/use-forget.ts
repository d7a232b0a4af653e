import type { SavedView } from '@postern/shared/protocol/saved-view';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { tellRefusal } from '../tell.ts';
import { tellUndoable } from '../tell-undoable.tsx';

const words = t.savedViews;
const stale = ['/v1/me/views'];

/** Deletes a view, and takes that back if it was not meant. */
export function useForget(): (view: SavedView) => Promise<void> {
  const forget = useAct(({ id }: SavedView) => call('DELETE', `/v1/me/views/${id}`), stale);
  const keep = useAct(
    ({ screen, name, query }: SavedView) => call('POST', '/v1/me/views', { screen, name, query }),
    stale,
  );
  return async (view) => {
    try {
      await forget.mutateAsync(view);
      tellUndoable(words.removed(view.name), () => keep.mutateAsync(view), words.saved(view.name));
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
}
