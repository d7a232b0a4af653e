import { Alert, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFirstAidKit } from '@tabler/icons-react';
import { useId } from 'react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { EndButton } from '../../parts/mine/end-button.tsx';
import { scopeTitle } from '../../parts/mine/scope.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';
import { EditButton } from './edit-button.tsx';
import { ExtendButton } from './extend-button.tsx';
import { RequestFacts } from './request-facts.tsx';

const words = t.mine.requests;

/** One that waits or is in force: where it stands, who decides, how long, and what its person can do. */
export function RequestCard({ exception }: { exception: ExceptionView }) {
  const titleId = useId();
  const { id, state, live, emergency } = exception;
  const waits = state === 'pending';
  // Why nobody can decide it is told of one request only.
  const detail = useGet<ExceptionView>(`/v1/admin/exceptions/${id}`, {}, { enabled: waits });
  const stuck = waits ? detail.data?.stuck : null;
  const scope = scopeTitle(exception);
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={titleId} data-exception={id}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <ExceptionSign state={state} live={live} />
            <Title order={3} size="h5" id={titleId} style={{ overflowWrap: 'anywhere' }}>
              {scope}
            </Title>
          </Group>
          <AppLink to="/exceptions/$id" params={{ id }} size="sm">
            {words.look}
          </AppLink>
        </Group>
        {emergency && (
          <Alert color="orange" icon={<IconFirstAidKit />} title={words.emergency}>
            {words.follows}
          </Alert>
        )}
        {typeof stuck === 'string' && (
          <Alert color="orange" icon={<IconAlertTriangle />} title={t.ask.means.stuck}>
            {stuck}
          </Alert>
        )}
        {state === 'active' && !live && <Text size="sm">{words.notLive}</Text>}
        <RequestFacts exception={exception} />
        <Group gap="xs">
          {waits && <EditButton exception={exception} />}
          {state === 'active' && !emergency && <ExtendButton exception={exception} />}
          <EndButton exception={exception} />
        </Group>
      </Stack>
    </Paper>
  );
}
