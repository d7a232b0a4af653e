import { Button } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { deliveriesPath, type Delivery, stale } from './types.ts';

const words = t.webhooks;

/** Sends a message once more. One that waits is sent anyway. */
export function ReplayButton({ delivery: { id, state, type }, to }: { delivery: Delivery; to: string }) {
  const replay = useAct(() => call('POST', `${deliveriesPath}/${id}/replay`), stale);
  if (state === 'waiting') return null;
  const go = async () => {
    try {
      await replay.mutateAsync(undefined);
      tell(words.replayed);
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={words.replayOf(type, to)}
      loading={replay.isPending}
      onClick={() => void go()}
    >
      {words.replay}
    </Button>
  );
}
