import { Kbd, Modal, Stack, Switch, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { createContext, type ReactNode, use } from 'react';
import { useSingleKeys } from '../parts/single-keys.ts';
import { t } from '../strings/index.ts';
import { usePreferences } from './preferences.ts';

const words = t.shell.keys;

const names = ['palette', 'slash', 'help', 'escape', 'tab', 'inbox'] as const;

const OpenContext = createContext<() => void>(() => undefined);

/** Opens the list of shortcuts. */
export const useKeyboardHelp = () => use(OpenContext);

/** What the keyboard can do, behind `?`, and the switch for keys that one might press by accident. */
export function KeyboardHelp({ children }: { children: ReactNode }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [{ singleKeys }, change] = usePreferences();
  useSingleKeys({ '?': open });
  return (
    <OpenContext value={open}>
      {children}
      <Modal opened={isOpen} onClose={close} title={t.shell.keyboard}>
        <Stack>
          <Text size="sm">{t.shell.keyboardLead}</Text>
          <Table aria-label={t.shell.keyboard}>
            <Table.Tbody>
              {names.map((name) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w={110}>
                    <Kbd>{t.shell.keyNames[name]}</Kbd>
                  </Table.Th>
                  <Table.Td>{words[name]}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Switch
            label={t.shell.singleKeys}
            description={t.shell.singleKeysHint}
            checked={singleKeys}
            onChange={({ currentTarget }) => change({ singleKeys: currentTarget.checked })}
          />
        </Stack>
      </Modal>
    </OpenContext>
  );
}
