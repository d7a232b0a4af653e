import { ActionIcon, Group, Kbd, Text, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import classes from './palette.module.css';

/** Opens the palette for who does not know its keys. */
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
          <Kbd size="xs">{t.shell.keyNames.palette}</Kbd>
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
