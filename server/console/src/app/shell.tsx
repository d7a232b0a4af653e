import { AppShell, Burger, Group, ScrollArea, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { AppLink } from '../parts/app-link.tsx';
import { ProofDialog } from '../parts/proof/proof-dialog.tsx';
import { t } from '../strings/index.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveSign } from './live-sign.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { NavigationList } from './navigation-list.tsx';
import { NoticesBell } from './notices-bell.tsx';
import { OpenPalette } from './open-palette.tsx';
import { Palette } from './palette.tsx';

/** Header, navigation and content. On a small screen the navigation lies over the content, and goes when it was used. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const path = useLocation({ select: ({ pathname }) => pathname });
  useEffect(close, [path, close]);
  return (
    <KeyboardHelp>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'sm', sm: 'lg' }}
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? t.shell.closeNavigation : t.shell.openNavigation}
                aria-expanded={isOpen}
              />
              <AppLink to="/" underline="never" c="inherit" aria-label={t.common.product}>
                <Group gap={8} wrap="nowrap">
                  <img src="/console/icon.svg" alt="" width={24} height={24} />
                  <Title order={2} size="h4" component="span" visibleFrom="xs">
                    {t.common.product}
                  </Title>
                </Group>
              </AppLink>
            </Group>
            <OpenPalette />
            <Group gap="xs" wrap="nowrap">
              <LiveSign />
              <NoticesBell />
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar aria-label={t.shell.navigation}>
          <ScrollArea p="xs" type="hover" scrollbarSize={6}>
            <NavigationList />
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          {children}
        </AppShell.Main>
        <Palette />
        <ProofDialog />
      </AppShell>
    </KeyboardHelp>
  );
}
