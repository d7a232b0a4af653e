import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconCheck, IconList, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SavedView } from '@postern/shared/protocol/saved-view';
import { t } from '../../strings/index.ts';
import { ButtonLink } from '../app-link.tsx';
import { searchOfView } from './view-query.ts';

const words = t.savedViews;
const looks = { variant: 'subtle', color: 'gray', size: 'compact-sm', justify: 'flex-start', flex: 1 } as const;

/** What there is to choose from: links, so that a view can be opened beside the present one too. */
export function ViewList({
  screen,
  views,
  current,
  canSave,
  save,
  forget,
  onClose,
}: {
  screen: string;
  views: readonly SavedView[];
  current: SavedView | undefined;
  /** There are filters, and they have no name yet. */
  canSave: boolean;
  save: () => void;
  forget: (view: SavedView) => void;
  onClose: () => void;
}) {
  const opening = (query: string, icon: ReactNode, name: string) => (
    <ButtonLink {...looks} to={screen} search={searchOfView(query)} leftSection={icon} onClick={onClose}>
      {name}
    </ButtonLink>
  );
  const andClose = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <Stack gap={4}>
      {views.length === 0 && (
        <Text size="sm" c="dimmed" p={6}>
          {canSave ? words.none : `${words.none} ${words.noneYet}`}
        </Text>
      )}
      {views.length > 0 && <Group>{opening('', <IconList size={16} />, words.everything)}</Group>}
      {views.map((view) => (
        <Group key={view.id} gap={4} wrap="nowrap">
          {opening(view.query, view === current ? <IconCheck size={16} /> : <IconBookmark size={16} />, view.name)}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.remove(view.name)}
            onClick={andClose(() => forget(view))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {canSave && (
        <Button {...looks} color="blue" leftSection={<IconBookmarkPlus size={16} />} onClick={andClose(save)}>
          {words.save}
        </Button>
      )}
    </Stack>
  );
}
