import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconRefreshAlert } from '@tabler/icons-react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { t } from '../../strings/index.ts';
import type { Change } from './change-since.ts';

const words = t.request.changed;

/** Says that it is not any more what was opened, and what it is now. */
export function ChangedAlert({
  change,
  exception,
  accept,
}: {
  change: Change;
  exception: ExceptionView;
  accept: () => void;
}) {
  const { title, text } = said(change, exception);
  return (
    <Alert color="orange" icon={<IconRefreshAlert />} title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text}</Text>
        {change === 'edited' && (
          <Button size="xs" variant="default" onClick={accept}>
            {words.read}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function said(change: Change, { state, decisions }: ExceptionView): { title: string; text: string } {
  if (change === 'edited') return { title: words.title, text: words.text };
  const last = decisions.at(-1);
  if (change === 'decided' && last !== undefined) {
    const { approved, denied } = t.deciding.votes;
    const verdict = last.verdict === 'approve' ? approved : denied;
    return { title: words.decidedTitle, text: words.decided(last.by.name, verdict) };
  }
  const text = words.moved(t.common.standing.exception[state]);
  return { title: change === 'moved' ? words.movedTitle : words.endedTitle, text };
}
