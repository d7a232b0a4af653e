import { Button, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBookmark } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { SavedView } from '@postern/shared/protocol/saved-view';
import { useGet } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { SaveView } from './save-view.tsx';
import { useForget } from './use-forget.ts';
import { ViewList } from './view-list.tsx';
import { searchOfView, viewQuery } from './view-query.ts';

const words = t.savedViews;

/** Filters of a list under names of one's own: open one, keep the present ones, delete one. Stands beside the filters. */
export function SavedViews({ screen }: { screen: string }) {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const { data } = useGet<{ items: SavedView[] }>('/v1/me/views', { screen });
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [isSaving, setSaving] = useState(false);
  const forget = useForget();
  const views = data?.items ?? [];
  const here = viewQuery(search);
  const current = views.find(({ query }) => viewQuery(searchOfView(query)) === here);
  return (
    <>
      <Popover opened={isOpen} onChange={close} position="bottom-start" width={320} trapFocus returnFocus withRoles>
        <Popover.Target>
          <Button size="xs" variant="default" leftSection={<IconBookmark size={14} />} onClick={toggle}>
            {current === undefined ? words.button : words.current(current.name)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="xs">
          <ViewList
            screen={screen}
            views={views}
            current={current}
            canSave={here !== '' && current === undefined}
            save={() => setSaving(true)}
            forget={(view) => void forget(view)}
            onClose={close}
          />
        </Popover.Dropdown>
      </Popover>
      <SaveView opened={isSaving} onClose={() => setSaving(false)} screen={screen} query={here} />
    </>
  );
}
