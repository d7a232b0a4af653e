import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tell, tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { streamsPath } from './types.ts';

const words = t.gateways;

/** Test, pause and resume. A disabled stream is its receiver's to enable. */
export function StreamActions({ stream: { id, gatewayName, status } }: { stream: StreamHealth }) {
  const [isPausing, setPausing] = useState(false);
  const act = useAct(
    ({ what, body }: { what: string; body?: object }) => call('POST', `${streamsPath}/${id}/${what}`, body),
    staleAfter.gateway,
  );
  const go = (what: 'test' | 'resume', said: string) => tellOutcome(() => act.mutateAsync({ what }), said);
  if (status === 'disabled') return null;
  return (
    <Group gap={4}>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={words.testOf(gatewayName)}
        disabled={act.isPending}
        onClick={() => void go('test', words.tested(gatewayName))}
      >
        {words.test}
      </Button>
      {status === 'paused' ? (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={words.resumeOf(gatewayName)}
          disabled={act.isPending}
          onClick={() => void go('resume', words.resumed(gatewayName))}
        >
          {words.resume}
        </Button>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={words.pauseOf(gatewayName)}
          onClick={() => setPausing(true)}
        >
          {words.pause}
        </Button>
      )}
      <Confirm
        opened={isPausing}
        onClose={() => setPausing(false)}
        title={words.pauseTitle(gatewayName)}
        button={words.pauseButton}
        danger
        reason={{ label: words.pauseReason, required: true }}
        act={async (reason) => {
          await act.mutateAsync({ what: 'pause', body: { reason } });
          tell(words.paused(gatewayName));
        }}
      >
        <Text size="sm">{words.pauseText}</Text>
      </Confirm>
    </Group>
  );
}
