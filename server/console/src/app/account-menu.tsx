import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconClock,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconSunMoon,
  IconUserCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { queryClient } from '../api/queries.ts';
import { tellRefusal } from '../parts/tell.ts';
import { t } from '../strings/index.ts';
import { useKeyboardHelp } from './keyboard-help.tsx';
import { usePreferences } from './preferences.ts';
import { useMe } from './session.tsx';

/** Who one is here, the colours, and the way out. */
export function AccountMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const [{ zone }, change] = usePreferences();
  const showKeys = useKeyboardHelp();
  const signOut = async () => {
    try {
      await call('DELETE', '/v1/admin/session');
    } catch (refusal) {
      tellRefusal(refusal);
      return;
    }
    // What was read belongs to who has left.
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.shell.signedInAs(me.name)}>
          <IconUserCircle size={24} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" py={4} size="sm" fw={600} maw={260}>
          {me.name}
        </Text>
        <Text px="sm" pb={6} size="xs" c="dimmed" maw={260}>
          {me.roles.map((role) => t.people.roles[role]).join(', ')}
        </Text>
        <Menu.Item leftSection={<IconUserCircle size={16} />} onClick={() => void navigate({ to: '/me/account' })}>
          {t.shell.account}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.shell.colours}</Menu.Label>
        <Menu.Item leftSection={<IconSun size={16} />} onClick={() => setColorScheme('light')}>
          {t.shell.light}
        </Menu.Item>
        <Menu.Item leftSection={<IconMoon size={16} />} onClick={() => setColorScheme('dark')}>
          {t.shell.dark}
        </Menu.Item>
        <Menu.Item leftSection={<IconSunMoon size={16} />} onClick={() => setColorScheme('auto')}>
          {t.shell.asSystem}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.shell.times}</Menu.Label>
        {(['local', 'UTC'] as const).map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={zone === each}
            leftSection={<IconClock size={16} />}
            rightSection={zone === each ? <IconCheck size={16} /> : undefined}
            onClick={() => change({ zone: each })}
          >
            {each === 'UTC' ? t.shell.timesUtc : t.shell.timesHere}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={showKeys}>
          {t.shell.keyboard}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
