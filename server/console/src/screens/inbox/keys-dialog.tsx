import { Group, Kbd, Modal, Stack, Switch, Text } from '@mantine/core';
import { usePreferences } from '../../app/preferences.ts';
import { t } from '../../strings/index.ts';

const words = t.inbox.keys;

const keys = [
  ['J', words.list.j],
  ['K', words.list.k],
  [words.names.enter, words.list.enter],
  ['A', words.list.a],
  ['R', words.list.r],
  ['X', words.list.x],
  [words.names.esc, words.list.esc],
  ['?', words.list.help],
] as const;

/** Which keys there are, and a switch for those of one letter. */
export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [{ singleKeys }, change] = usePreferences();
  return (
    <Modal opened={opened} onClose={onClose} title={words.title}>
      <Stack gap="sm">
        <Text size="sm">{singleKeys ? words.text : words.off}</Text>
        {keys.map(([key, what]) => (
          <Group key={key} gap="sm" wrap="nowrap">
            <Kbd miw={56} ta="center">
              {key}
            </Kbd>
            <Text size="sm">{what}</Text>
          </Group>
        ))}
        <Switch
          label={words.switch}
          checked={singleKeys}
          onChange={({ currentTarget }) => change({ singleKeys: currentTarget.checked })}
        />
      </Stack>
    </Modal>
  );
}
