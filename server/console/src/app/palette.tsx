import { ActionIcon, Kbd, UnstyledButton, Group, Text } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { t } from '../strings/index.ts';
import { usePlaces } from './navigation-list.tsx';
import classes from './palette.module.css';
import { usePreferences } from './preferences.ts';

/** Ctrl K: to any screen by its name. */
export function Palette() {
  const navigate = useNavigate();
  const [{ singleKeys }] = usePreferences();
  const actions = usePlaces().map(({ label, places }) => ({
    group: label,
    actions: places.map(({ path, label: name, icon: Icon }) => ({
      id: path,
      label: name,
      leftSection: <Icon size={18} />,
      onClick: () => void navigate({ to: path }),
    })),
  }));
  return (
    <Spotlight
      actions={actions}
      shortcut={singleKeys ? ['mod + K', '/'] : 'mod + K'}
      nothingFound={t.shell.nothingFound}
      searchProps={{
        placeholder: t.shell.palette,
        'aria-label': t.shell.palette,
        leftSection: <IconSearch size={18} />,
      }}
      attributes={{ content: { 'aria-label': t.shell.paletteLabel } }}
    />
  );
}

export function OpenPalette() {
  return (
    <>
      <UnstyledButton className={classes['open'] ?? ''} visibleFrom="sm" onClick={spotlight.open}>
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <IconSearch size={16} />
            <Text size="sm" c="dimmed">
              {t.shell.palette}
            </Text>
          </Group>
          <Kbd size="xs">Ctrl K</Kbd>
        </Group>
      </UnstyledButton>
      <ActionIcon
        hiddenFrom="sm"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t.shell.paletteLabel}
        onClick={spotlight.open}
      >
        <IconSearch size={20} />
      </ActionIcon>
    </>
  );
}
