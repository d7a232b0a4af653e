import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Refusal, sentenceOf } from '../api/refusal.ts';
import { t } from '../strings/index.ts';
import { NotFound } from './not-found.tsx';
import { NotForYou } from './not-for-you.tsx';

/** What went wrong, in the backend's sentence, with a way to try again. */
export function Problem({
  error,
  again,
  title,
  button = t.common.tryAgain,
}: {
  error: unknown;
  again?: () => void;
  title?: string;
  /** What `again` does. */
  button?: string;
}) {
  if (error instanceof Refusal && error.status === 404) return <NotFound />;
  if (error instanceof Refusal && error.status === 403) return <NotForYou sentence={error.message} />;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={title ?? t.common.couldNotLoad} role="alert">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{sentenceOf(error)}</Text>
        {again !== undefined && (
          <Button size="xs" variant="default" onClick={again}>
            {button}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
