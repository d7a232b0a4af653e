import { useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { useKeyboardHelp } from './keyboard-help.tsx';
import { usePlaces } from './navigation-list.tsx';
import { type Action, type ActionGroup, useGo } from './palette-action.ts';

/** Screens that this person may see, and what works on all of them. */
export function useKnownActions(): ActionGroup[] {
  const go = useGo();
  const showKeys = useKeyboardHelp();
  const { setColorScheme } = useMantineColorScheme();
  const places = usePlaces().map(({ label, places: inArea }) => ({
    label,
    actions: inArea.map(({ path, label: name, icon }) => ({ id: path, label: name, icon, go: go(path) })),
  }));
  const commands: Action[] = [
    { id: 'light', label: t.shell.light, icon: IconSun, go: () => setColorScheme('light') },
    { id: 'dark', label: t.shell.dark, icon: IconMoon, go: () => setColorScheme('dark') },
    { id: 'keyboard', label: t.shell.keyboard, icon: IconKeyboard, go: showKeys },
  ];
  return [...places, { label: t.shell.commands, actions: commands }];
}
