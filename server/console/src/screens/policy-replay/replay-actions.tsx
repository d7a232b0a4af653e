import { Button } from '@mantine/core';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { type Replay, replayPaths } from '../../parts/policy/types.ts';
import { tell, tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { useDraftOf } from './use-draft-of.ts';

const words = t.policyReplay;

/** Stop it while it runs; go on with the draft when it is done. */
export function ReplayActions({ replay }: { replay: Replay }) {
  const isAdmin = useIs('admin');
  const draft = useDraftOf(replay);
  const stop = useAct(() => call('POST', `/v1/admin/policy-replays/${replay.id}/cancel`), replayPaths);
  const go = async () => {
    try {
      await stop.mutateAsync();
      tell(words.stopped);
    } catch (refusal) {
      tellRefusal(refusal);
    }
  };
  return (
    <>
      {isAdmin && replay.state === 'running' && (
        <Button variant="default" onClick={() => void go()} loading={stop.isPending}>
          {words.cancel}
        </Button>
      )}
      {draft !== undefined && (
        <ButtonLink to="/policy-drafts/$id" params={{ id: draft }}>
          {words.toDraft}
        </ButtonLink>
      )}
    </>
  );
}
