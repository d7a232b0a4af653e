import { Text } from '@mantine/core';
import type { SavedView } from '@postern/shared/protocol/saved-view';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { Confirm } from '../confirm.tsx';
import { tell } from '../tell.ts';

const words = t.savedViews;

/** Asks before a view is deleted. */
export function ForgetView({ view, onClose }: { view: SavedView | undefined; onClose: () => void }) {
  const forget = useAct((id: string) => call('DELETE', `/v1/me/views/${id}`), ['/v1/me/views']);
  return (
    <Confirm
      opened={view !== undefined}
      onClose={onClose}
      title={words.removeTitle(view?.name ?? '')}
      button={words.removeButton}
      act={async () => {
        if (view === undefined) return;
        await forget.mutateAsync(view.id);
        tell(words.removed);
      }}
    >
      <Text size="sm">{words.removeText}</Text>
    </Confirm>
  );
}
