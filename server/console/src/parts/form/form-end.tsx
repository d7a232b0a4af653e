import { Button, Group } from '@mantine/core';
import { t } from '../../strings/index.ts';
import { Refused } from './refused.tsx';

/** The end of every form in a dialog: why it was refused, the way back, and the button that sends it. */
export function FormEnd({
  error,
  cancel,
  button,
  isBusy,
  danger = false,
}: {
  error: unknown;
  cancel: () => void;
  /** What sending it does. */
  button: string;
  isBusy: boolean;
  danger?: boolean;
}) {
  return (
    <>
      <Refused error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={cancel}>
          {t.common.cancel}
        </Button>
        <Button type="submit" loading={isBusy} {...(danger ? { color: 'red' } : {})}>
          {button}
        </Button>
      </Group>
    </>
  );
}
