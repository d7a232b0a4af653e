import { Text } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { t } from '../strings/index.ts';
import { useFoundActions } from './palette-found.ts';
import { useKnownActions } from './palette-known.ts';
import { usePreferences } from './preferences.ts';

/** Enter takes the first, where nothing is chosen: Spotlight chooses only among what was there while somebody typed. */
function takeFirst(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  const dialog = event.currentTarget.closest('[role=dialog]');
  if (dialog?.querySelector('[data-selected]') === null) dialog.querySelector<HTMLElement>('[data-action]')?.click();
}

/** Ctrl K: to any screen by its name, to a person, device or request by theirs, and to what can be done anywhere. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [{ singleKeys }] = usePreferences();
  const wanted = query.trim().toLowerCase();
  const { groups: found, note } = useFoundActions(query.trim());
  const known = useKnownActions().map(({ label, actions }) => ({
    label,
    actions: actions.filter((each) => each.label.toLowerCase().includes(wanted)),
  }));
  const groups = [...found, ...known].filter(({ actions }) => actions.length > 0);
  const ids = groups.flatMap(({ actions }) => actions.map(({ id }) => id));
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={singleKeys ? ['mod + K', '/'] : 'mod + K'}
      scrollable
      centered={false}
      maxHeight={480}
      attributes={{ content: { 'aria-label': t.shell.paletteLabel } }}
    >
      <Spotlight.Search
        placeholder={t.shell.palette}
        aria-label={t.shell.palette}
        leftSection={<IconSearch size={18} />}
        onKeyDown={takeFirst}
      />
      <Spotlight.ActionsList>
        {groups.map(({ label, actions }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {actions.map(({ id, label: name, description, icon: Icon, go }) => (
              <Spotlight.Action
                key={id}
                label={name}
                {...(description === undefined ? {} : { description })}
                leftSection={<Icon size={18} stroke={1.6} />}
                onClick={go}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && note === undefined && <Spotlight.Empty>{t.shell.nothingFound}</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <Text size="xs" c="dimmed" role="status">
          {note ?? `${t.shell.foundCount(ids.length)} ${t.shell.opensInTab}`}
        </Text>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}
