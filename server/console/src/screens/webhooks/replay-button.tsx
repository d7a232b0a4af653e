import { Button } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { deliveriesPath, type Delivery } from './types.ts';

const words = t.webhooks;

/** Sends a message once more. One that waits is sent anyway. */
export function ReplayButton({ delivery: { id, state, type }, to }: { delivery: Delivery; to: string }) {
  const replay = useAct(() => call('POST', `${deliveriesPath}/${id}/replay`), staleAfter.webhook);
  if (state === 'waiting') return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={words.replayOf(type, to)}
      loading={replay.isPending}
      onClick={() => void tellOutcome(() => replay.mutateAsync(undefined), words.replayed)}
    >
      {words.replay}
    </Button>
  );
}
