import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconCheck, IconList, IconTrash } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { SavedView } from '@postern/shared/protocol/saved-view';
import { useGet } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { ForgetView } from './forget-view.tsx';
import { SaveView } from './save-view.tsx';
import { searchOfView, viewQuery } from './view-query.ts';

const words = t.savedViews;

/** Filters of a list under names of one's own: open one, keep the present ones, delete one. Stands beside the filters. */
export function SavedViews({ screen }: { screen: string }) {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data } = useGet<{ items: SavedView[] }>('/v1/me/views', { screen });
  const [isSaving, setSaving] = useState(false);
  const [forgetting, setForgetting] = useState<SavedView>();
  const views = data?.items ?? [];
  const here = viewQuery(search);
  const current = views.find(({ query }) => viewQuery(searchOfView(query)) === here);
  const open = (query: string) => void navigate({ to: screen, search: searchOfView(query) });
  return (
    <>
      <Menu position="bottom-start" withArrow>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconBookmark size={14} />}>
            {current === undefined ? words.button : words.current(current.name)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown maw={340}>
          {views.length === 0 && (
            <Text size="sm" c="dimmed" px="sm" py={6}>
              {`${words.none} ${here === '' ? words.noneYet : ''}`}
            </Text>
          )}
          {views.length > 0 && (
            <Menu.Item leftSection={<IconList size={16} />} onClick={() => open('')}>
              {words.everything}
            </Menu.Item>
          )}
          {views.map((view) => (
            <Group key={view.id} gap={4} wrap="nowrap">
              <Menu.Item
                flex={1}
                leftSection={view === current ? <IconCheck size={16} /> : <IconBookmark size={16} />}
                {...(view === current ? { 'aria-current': true } : {})}
                onClick={() => open(view.query)}
              >
                {view.name}
              </Menu.Item>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={words.remove(view.name)}
                onClick={() => setForgetting(view)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          {here !== '' && current === undefined && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconBookmarkPlus size={16} />} onClick={() => setSaving(true)}>
                {words.save}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <SaveView opened={isSaving} onClose={() => setSaving(false)} screen={screen} query={here} />
      <ForgetView view={forgetting} onClose={() => setForgetting(undefined)} />
    </>
  );
}
