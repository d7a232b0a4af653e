import { notifications } from '@mantine/notifications';
import { sentenceOf } from '../api/refusal.ts';
import { t } from '../strings/index.ts';

/** Says that something was done. Read out by screen readers. */
export function tell(message: string): void {
  notifications.show({ message, color: 'green', role: 'status' });
}

/** Says that something was not done, and why: it stays until it is closed. */
export function tellRefusal(error: unknown, title: string = t.common.wentWrong): void {
  notifications.show({ title, message: sentenceOf(error), color: 'red', autoClose: false, role: 'alert' });
}

/** Does something, and says that it was done, or why not. */
export async function tellOutcome(act: () => Promise<unknown>, done: string): Promise<void> {
  try {
    await act();
    tell(done);
  } catch (refusal) {
    tellRefusal(refusal);
  }
}
