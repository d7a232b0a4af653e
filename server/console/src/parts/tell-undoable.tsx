import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../strings/index.ts';
import { tellOutcome } from './tell.ts';

/** Long enough to read it and to reach for the button by keyboard; it stays while it has the focus or the pointer. */
const staysMs = 15_000;

/** Says that something was done that can be taken back, and offers to. Where there is this, nobody has to be asked before. */
export function tellUndoable(message: string, undo: () => Promise<unknown>, undone: string): void {
  const id = notifications.show({
    color: 'green',
    role: 'status',
    autoClose: staysMs,
    message: (
      <Group justify="space-between" wrap="nowrap">
        {message}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            void tellOutcome(undo, undone);
          }}
        >
          {t.common.undo}
        </Button>
      </Group>
    ),
  });
}
