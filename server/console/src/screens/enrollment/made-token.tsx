import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CopyText } from '../../parts/copy-text.tsx';
import { Countdown } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import type { EnrollmentToken } from './types.ts';

const words = t.enrollment.form;

/** A new token, and what to do with it. */
export function MadeToken({ made, done }: { made: EnrollmentToken; done: () => void }) {
  return (
    <Stack>
      <Alert color="blue" icon={<IconKey />}>
        {words.once} <Countdown until={made.expiresAt} />.
      </Alert>
      <div>
        <Text size="sm" fw={500}>
          {words.token}
        </Text>
        <CopyText text={made.token ?? ''} label={words.token} />
      </div>
      <div>
        <Text size="sm" fw={500}>
          {words.command}
        </Text>
        <CopyText text={words.commandText(location.origin)} label={words.commandLabel} />
        <Text size="xs" c="dimmed" mt={4}>
          {words.commandWhy}
        </Text>
      </div>
      <Group justify="flex-end">
        <Button onClick={done}>{words.done}</Button>
      </Group>
    </Stack>
  );
}
