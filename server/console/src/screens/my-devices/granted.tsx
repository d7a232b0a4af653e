import { Group, Stack, Text, Title } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { AppLink } from '../../parts/app-link.tsx';
import { EndButton } from '../../parts/mine/end-button.tsx';
import { scopeTitle } from '../../parts/mine/scope.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { Countdown } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.mine;

/** What is in force or waits on a device, with the way out. */
export function Granted({ exceptions }: { exceptions: readonly ExceptionView[] }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {words.granted}
      </Title>
      {exceptions.map((exception) => (
        <Group key={exception.id} justify="space-between" gap="xs" data-exception={exception.id}>
          <Group gap="xs">
            <ExceptionSign state={exception.state} live={exception.live} />
            <AppLink to="/exceptions/$id" params={{ id: exception.id }} size="sm">
              {scopeTitle(exception)}
            </AppLink>
            {exception.expiresAt !== null && (
              <Text size="sm" component="span">
                <Countdown until={exception.expiresAt} />
              </Text>
            )}
          </Group>
          <EndButton exception={exception} />
        </Group>
      ))}
    </Stack>
  );
}
